using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CapabilityRegistry.ServiceDefaults.Telemetry;

/// <summary>What the health checks found when they ran last, as a gauge: whether this process reaches its database is its own to say.</summary>
internal sealed class HealthMetrics : IHealthCheckPublisher
{
    public const string UpName = "registry.health.up";

    /// <summary>How often it is looked. Two looks fit into the half minute after which an alert may be raised.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private IReadOnlyList<Measurement<int>> _last = [];

    public HealthMetrics(IMeterFactory meters) => meters.Create(ServiceDefaultsExtensions.TelemetryName)
        .CreateObservableGauge(UpName, () => _last, unit: null, "1 where a check of the process's health passed when it was made last, 0 where it did not.");

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        _last = [.. report.Entries.Select(entry => new Measurement<int>(entry.Value.Status is HealthStatus.Healthy ? 1 : 0, new KeyValuePair<string, object?>("check", entry.Key)))];
        return Task.CompletedTask;
    }
}
