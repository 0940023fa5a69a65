using System.ComponentModel.DataAnnotations;
using System.Net;

namespace CapabilityRegistry.Data.Webhooks;

/// <summary>The section <c>Webhooks</c>. What API and worker must agree on, so they read the same one.</summary>
public sealed class WebhooksOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Webhooks";

    /// <summary>The ports of public receivers when none are configured.</summary>
    public static readonly IReadOnlyList<int> DefaultPorts = [80, 443, 8443];

    /// <summary>How many webhooks a tenant has at most.</summary>
    [Range(1, 10_000)]
    public int MaxPerTenant { get; set; } = 100;

    /// <summary>How long an attempt takes at most, from looking the name up to the answer's headers.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 15;

    /// <summary>How many attempts a process makes at once.</summary>
    [Range(1, 1_000)]
    public int Concurrency { get; set; } = 32;

    /// <summary>How many of those go to one webhook.</summary>
    [Range(1, 100)]
    public int ConcurrencyPerWebhook { get; set; } = 4;

    /// <summary>After how many days without a success a failing webhook is disabled.</summary>
    [Range(1, 365)]
    public int DisableAfterDays { get; set; } = 5;

    /// <summary>How long finished deliveries are kept.</summary>
    [Range(1, 3_650)]
    public int RetentionDays { get; set; } = 30;

    /// <summary>How long a secret still signs after its rotation, where the rotation does not say.</summary>
    [Range(0, 720)]
    public int SecretOverlapHours { get; set; } = 24;

    /// <summary>The ports that may be called; <see cref="DefaultPorts"/> when empty.</summary>
    public IReadOnlyList<int> Ports { get; set; } = [];

    /// <summary>Networks inside which receivers may be, such as <c>10.20.0.0/16</c>, although they are not public.</summary>
    public IReadOnlyList<string> AllowedNetworks { get; set; } = [];

    /// <summary>Hosts that are trusted: by http too, on every port, at addresses that are not public. <c>*.example.internal</c> stands for everything under it.</summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var network in AllowedNetworks.Where(network => !IPNetwork.TryParse(network, out _)))
        {
            yield return new($"{network} is no network such as 10.20.0.0/16.", [nameof(AllowedNetworks)]);
        }

        foreach (var host in AllowedHosts.Where(host => Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) == UriHostNameType.Unknown))
        {
            yield return new($"{host} is no host name, IP address or *.domain.", [nameof(AllowedHosts)]);
        }

        foreach (var port in Ports.Where(port => port is < 1 or > 65_535))
        {
            yield return new($"{port} is no port.", [nameof(Ports)]);
        }
    }
}
