using System.Collections;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace CapabilityRegistry.ServiceDefaults.Configuration;

/// <summary>Makes the deployment guide's environment variables work under our own configuration keys (docs/configuration.md).</summary>
public static class GuideVariablesExtensions
{
    /// <summary>Reads the guide's variables. Our own keys win over them wherever they come from, as long as they are there already.</summary>
    /// <exception cref="ConfigurationException">Something is malformed, or misspelt.</exception>
    public static TBuilder AddGuideVariables<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddGuideVariables(ProcessEnvironment());
        return builder;
    }

    /// <summary>The database server that the process's environment names, under our name or the guide's; for those that must know before there is a host.</summary>
    /// <exception cref="ConfigurationException">Something is malformed, or misspelt.</exception>
    public static string? DatabaseOfEnvironment()
    {
        var environment = ProcessEnvironment();
        var reading = GuideReading.Of(environment);
        ThrowOn(reading.Findings);
        return environment.GetValueOrDefault(GuideVariables.RegistryConnection.Replace(":", "__", StringComparison.Ordinal)) is { Length: > 0 } own
            ? own
            : reading.Settings.GetValueOrDefault(GuideVariables.RegistryConnection);
    }

    internal static void AddGuideVariables(this IHostApplicationBuilder builder, IReadOnlyDictionary<string, string> environment)
    {
        var reading = GuideReading.Of(environment);
        if (reading.Variables.TryGetValue(GuideVariables.Environment, out var name))
        {
            HostEnvironmentName.Apply(builder, name, environment);
        }

        ThrowOn([.. reading.Findings, .. FindingsAbout(builder.Environment, reading)]);

        // Added last and without what others give, not inserted first: to insert a source reads all of them again, and loses what was set by assignment.
        builder.Configuration.AddInMemoryCollection([.. reading.Settings
            .Where(setting => string.IsNullOrEmpty(builder.Configuration[setting.Key]))
            .Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))]);
        SetPoolSize(builder.Configuration, reading.Variables);
    }

    private static IEnumerable<string> FindingsAbout(IHostEnvironment host, GuideReading reading) =>
        reading.Variables.GetValueOrDefault(GuideVariables.Debug) == "true" && !host.IsDevelopment()
            ? [$"{GuideVariables.Debug}: expected false outside the environment development."]
            : [];

    /// <summary>A connection string that cannot be read is left as it is: whoever opens it says why.</summary>
    private static void SetPoolSize(IConfigurationManager configuration, IReadOnlyDictionary<string, string> variables)
    {
        if (configuration[GuideVariables.RegistryConnection] is { Length: > 0 } text
            && PoolSizeOf(variables) is { } size
            && DatabaseUrl.Parse(text) is { } connection
            && !connection.ShouldSerialize("Maximum Pool Size"))
        {
            connection.MaxPoolSize = size;
            configuration.AddInMemoryCollection([KeyValuePair.Create(GuideVariables.RegistryConnection, (string?)connection.ConnectionString)]);
        }
    }

    /// <summary>SQLAlchemy keeps the one and opens up to the other beyond it; Npgsql opens when needed and closes what is idle, so that only the sum matters.</summary>
    private static int? PoolSizeOf(IReadOnlyDictionary<string, string> variables)
    {
        var size = NumberOf(variables, GuideVariables.DatabasePoolSize);
        var overflow = NumberOf(variables, GuideVariables.DatabaseMaxOverflow);
        return size is null && overflow is null ? null : (size ?? GuideVariables.DefaultPoolSize) + (overflow ?? GuideVariables.DefaultMaxOverflow);
    }

    private static int? NumberOf(IReadOnlyDictionary<string, string> variables, string name) =>
        variables.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static void ThrowOn(IReadOnlyList<string> findings)
    {
        if (findings.Count > 0)
        {
            throw new ConfigurationException(findings);
        }
    }

    private static Dictionary<string, string> ProcessEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}
