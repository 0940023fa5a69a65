using System.Diagnostics;
using System.Diagnostics.Metrics;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.ServiceDefaults;

namespace CapabilityRegistry.Worker.Webhooks;

/// <summary>What operators see of the webhooks.</summary>
internal sealed class WebhookMetrics
{
    public const string AttemptsName = "registry.webhooks.attempts";
    public const string DurationName = "registry.webhooks.attempt.duration";
    public const string PendingName = "registry.webhooks.pending";
    public const string DisabledName = "registry.webhooks.disabled";

    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _disabled;
    private long _pending;

    public WebhookMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(ServiceDefaultsExtensions.TelemetryName);
        _attempts = meter.CreateCounter<long>(AttemptsName, "{attempt}", "Attempts at deliveries, by how they ended.");
        _duration = meter.CreateHistogram<double>(DurationName, "s", "How long attempts took.");
        _disabled = meter.CreateCounter<long>(DisabledName, "{webhook}", "Webhooks that were disabled because of what their receivers did.");
        meter.CreateObservableGauge(PendingName, () => Volatile.Read(ref _pending), "{delivery}", "Deliveries that are due now or later.");
    }

    public void Attempted(AttemptResult result)
    {
        var tags = new TagList { { "registry.webhook.outcome", Words.Of(result.Outcome) } };
        _attempts.Add(1, tags);
        _duration.Record(result.Duration.TotalSeconds, tags);
    }

    public void Disabled(string reason) => _disabled.Add(1, new KeyValuePair<string, object?>("registry.webhook.reason", reason));

    public void Pending(long deliveries) => Volatile.Write(ref _pending, deliveries);
}
