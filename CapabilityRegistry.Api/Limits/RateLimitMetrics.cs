using System.Diagnostics.Metrics;
using CapabilityRegistry.ServiceDefaults;

namespace CapabilityRegistry.Api.Limits;

/// <summary>What operators see of the limits.</summary>
internal sealed class RateLimitMetrics(IMeterFactory meters)
{
    public const string RejectedName = "registry.ratelimit.rejected";

    private readonly Counter<long> _rejected =
        meters.Create(ServiceDefaultsExtensions.TelemetryName).CreateCounter<long>(RejectedName, "{request}", "Requests that were refused because of their rate.");

    public void Rejected(BucketOwner owner) => _rejected.Add(1, new KeyValuePair<string, object?>("registry.ratelimit.owner", owner is BucketOwner.Client ? "client" : "address"));
}
