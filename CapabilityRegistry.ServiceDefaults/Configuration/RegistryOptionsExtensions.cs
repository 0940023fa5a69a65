using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.ServiceDefaults.Configuration;

/// <summary>Binds our own sections strictly: a key that is misspelt stops the start, as a value that is out of range does.</summary>
public static class RegistryOptionsExtensions
{
    /// <summary>Adds options of a section, which is read once, at the start.</summary>
    public static OptionsBuilder<T> AddRegistryOptions<T>(this IServiceCollection services, string section)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(section);
        return services.AddOptions<T>()
            .Configure<IConfiguration>((options, configuration) => Bind(options, configuration.GetSection(section)))
            .ValidateDataAnnotations()
            .ValidateOnStart();
    }

    /// <summary>Reads settings of a section that are needed before there are services, with the same strictness.</summary>
    /// <exception cref="ConfigurationException">The section is not valid.</exception>
    public static T ReadRegistryOptions<T>(this IConfiguration configuration, string section)
        where T : class, new()
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = new T();
        try
        {
            Bind(options, configuration.GetSection(section));
        }
        catch (OptionsValidationException exception)
        {
            throw new ConfigurationException([.. exception.Failures]);
        }

        var invalid = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new(options), invalid, validateAllProperties: true)
            ? options
            : throw new ConfigurationException([.. invalid.Select(result => $"{section}: {result.ErrorMessage}")]);
    }

    /// <summary>Every key is looked at before anything is bound: the binder itself ends at the first that it dislikes, and repeats its value.</summary>
    private static void Bind<T>(T options, IConfigurationSection section)
        where T : class
    {
        var properties = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        var findings = section.GetChildren().Select(child => FindingAbout(child, properties)).OfType<string>().ToArray();
        if (findings.Length > 0)
        {
            throw new OptionsValidationException(section.Path, typeof(T), findings);
        }

        section.Bind(options);
    }

    private static string? FindingAbout(IConfigurationSection child, Dictionary<string, PropertyInfo> properties)
    {
        if (!properties.TryGetValue(child.Key, out var property))
        {
            return $"{child.Path}: unknown; {(Nearest.Of(child.Key, properties.Keys) is { } near ? $"did you mean {near}?" : $"known are {string.Join(", ", properties.Keys)}.")}";
        }

        try
        {
            _ = child.Get(property.PropertyType, binder => binder.ErrorOnUnknownConfiguration = true);
            return null;
        }
        catch (InvalidOperationException)
        {
            return $"{child.Path}: expected {Describe(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)}.";
        }
    }

    private static string Describe(Type type) => type switch
    {
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type))}",
        _ => $"what can be read as {type.Name}",
    };
}
