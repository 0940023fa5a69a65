using Microsoft.Extensions.Options;

namespace CapabilityRegistry.ServiceDefaults.Configuration;

/// <summary>The configuration cannot be used. The message lists everything that is wrong with it, and never a value: values can be secrets.</summary>
public sealed class ConfigurationException(IReadOnlyList<string> findings)
    : Exception($"The configuration is not valid:{string.Concat(findings.Select(finding => $"{Environment.NewLine}  {finding}"))}")
{
    /// <summary>One sentence for each thing that is wrong.</summary>
    public IReadOnlyList<string> Findings { get; } = findings;

    /// <summary>What a start failed with, when that was nothing but configuration; otherwise null.</summary>
    public static ConfigurationException? From(Exception exception) => exception switch
    {
        ConfigurationException configuration => configuration,
        OptionsValidationException options => new([.. options.Failures]),
        AggregateException several => From(several),
        _ => null,
    };

    private static ConfigurationException? From(AggregateException several)
    {
        var inner = several.InnerExceptions.Select(From).ToArray();
        return inner.Contains(null) ? null : new([.. inner.SelectMany(exception => exception!.Findings)]);
    }
}
