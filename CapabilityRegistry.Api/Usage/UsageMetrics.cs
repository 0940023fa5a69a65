using System.Diagnostics.Metrics;
using CapabilityRegistry.ServiceDefaults;

namespace CapabilityRegistry.Api.Usage;

/// <summary>What operators see of the counting.</summary>
internal sealed class UsageMetrics
{
    private readonly Counter<long> _dropped;

    public UsageMetrics(IMeterFactory meters, UsageCounters counters)
    {
        var meter = meters.Create(ServiceDefaultsExtensions.TelemetryName);
        _dropped = meter.CreateCounter<long>("registry.usage.dropped", "{use}", "Uses that were not counted: too many different ones at a time, or not written for a day.");
        meter.CreateObservableGauge("registry.usage.counters", () => counters.Size, "{counter}", "Counters in this process.");
        meter.CreateObservableGauge("registry.usage.waiting", () => Waiting, "{row}", "Rows that could not be written yet.");
    }

    public int Waiting { get; set; }

    public void Dropped(long uses)
    {
        if (uses > 0)
        {
            _dropped.Add(uses);
        }
    }
}
