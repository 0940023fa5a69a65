using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Hosting;

namespace CapabilityRegistry.ServiceDefaults.Configuration;

/// <summary>Gives the host the environment of the guide's <c>ENVIRONMENT</c>. The builder has chosen its own by then, so everything that took it over is changed as well.</summary>
internal static class HostEnvironmentName
{
    private static readonly string[] Chosen = ["ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"];

    /// <summary>Changes the environment to <paramref name="name"/>, unless it was chosen in one of .NET's ways.</summary>
    public static void Apply(IHostApplicationBuilder builder, string name, IReadOnlyDictionary<string, string> environment)
    {
        var before = builder.Environment.EnvironmentName;
        if (IsChosen(builder.Configuration, environment) || string.Equals(before, name, StringComparison.Ordinal))
        {
            return;
        }

        // A web host has two: the one that is told here, and the generic host's under it.
        builder.Environment.EnvironmentName = name;
        foreach (var registered in builder.Services.Select(service => service.ServiceType == typeof(IHostEnvironment) ? service.ImplementationInstance : null).OfType<IHostEnvironment>())
        {
            registered.EnvironmentName = name;
        }

        ReadSettingsOf(builder.Configuration, before, name);
    }

    /// <summary>The configuration's key <c>environment</c> shows the command line first, else <c>ENVIRONMENT</c> itself: the key's name is the same but for the case.</summary>
    private static bool IsChosen(IConfiguration configuration, IReadOnlyDictionary<string, string> environment) =>
        Chosen.Any(name => !string.IsNullOrEmpty(environment.GetValueOrDefault(name)))
        || (configuration[HostDefaults.EnvironmentKey] is { Length: > 0 } chosen && !string.Equals(chosen, environment.GetValueOrDefault(GuideVariables.Environment), StringComparison.Ordinal));

    /// <summary>The settings file keeps its place among the sources. (To replace a source would read all of them again, and lose what was set by assignment.)</summary>
    private static void ReadSettingsOf(IConfiguration configuration, string before, string name)
    {
        foreach (var provider in ((IConfigurationRoot)configuration).Providers.OfType<JsonConfigurationProvider>())
        {
            if (provider.Source.Path is { } path && path.EndsWith($".{before}.json", StringComparison.Ordinal))
            {
                provider.Source.Path = $"{path[..^$"{before}.json".Length]}{name}.json";
                provider.Load();
            }
        }
    }
}
