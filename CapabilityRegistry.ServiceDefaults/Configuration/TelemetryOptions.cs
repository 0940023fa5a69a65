using System.ComponentModel.DataAnnotations;

namespace CapabilityRegistry.ServiceDefaults.Configuration;

/// <summary>The section <c>Telemetry</c>.</summary>
public sealed class TelemetryOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Telemetry";

    /// <summary>Whether metrics are collected.</summary>
    public bool Metrics { get; set; } = true;

    /// <summary>The port of its own that <c>/metrics</c> answers on; null for what the process does by itself.</summary>
    [Range(1, 65535)]
    public int? MetricsPort { get; set; }

    /// <summary>Whether spans are collected.</summary>
    public bool Tracing { get; set; } = true;

    /// <summary>Where spans are sent when OpenTelemetry's own variable does not say where everything is sent: Jaeger takes nothing but spans.</summary>
    public Uri? TracesEndpoint { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        TracesEndpoint is { IsAbsoluteUri: false } ? [new($"The field {nameof(TracesEndpoint)} must be an absolute URL.", [nameof(TracesEndpoint)])] : [];
}
