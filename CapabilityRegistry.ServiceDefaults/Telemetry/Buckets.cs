using System.Diagnostics.Metrics;

namespace CapabilityRegistry.ServiceDefaults.Telemetry;

/// <summary>How histograms of our own are cut. OpenTelemetry's default is made for milliseconds.</summary>
public static class Buckets
{
    /// <summary>For durations in seconds: the boundaries that the semantic conventions give to HTTP.</summary>
    public static InstrumentAdvice<double> Seconds { get; } = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] };
}
