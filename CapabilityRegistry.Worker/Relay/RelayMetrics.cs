using System.Diagnostics.Metrics;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.ServiceDefaults;
using CapabilityRegistry.ServiceDefaults.Telemetry;

namespace CapabilityRegistry.Worker.Relay;

/// <summary>What the relay tells of itself.</summary>
internal sealed class RelayMetrics
{
    private readonly Counter<long> _events;
    private readonly Histogram<double> _duration;
    private IReadOnlyList<ConsumerLag> _lags = [];

    public RelayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(ServiceDefaultsExtensions.TelemetryName);
        _events = meter.CreateCounter<long>("registry.relay.events", "{event}", "Events that a consumer has been given.");
        _duration = meter.CreateHistogram("registry.relay.batch.duration", "s", "How long a consumer takes for a batch.", tags: null, Buckets.Seconds);
        meter.CreateObservableGauge("registry.relay.lag", () => _lags.Select(l => new Measurement<long>(l.Events, Of(l.Consumer))), "{event}", "How many events a consumer is behind the head of the sequence.");
        meter.CreateObservableGauge("registry.relay.parked", () => _lags.Select(l => new Measurement<long>(l.Parked, Of(l.Consumer))), "{event}", "Events that wait for an operator.");
    }

    public void Handled(string consumer, int events, TimeSpan duration)
    {
        _events.Add(events, Of(consumer), new("outcome", "handled"));
        _duration.Record(duration.TotalSeconds, Of(consumer));
    }

    public void Failed(string consumer, bool isParked) => _events.Add(1, Of(consumer), new("outcome", isParked ? "parked" : "failed"));

    public void Lagging(IReadOnlyList<ConsumerLag> lags) => _lags = lags;

    private static KeyValuePair<string, object?> Of(string consumer) => new("consumer", consumer);
}
