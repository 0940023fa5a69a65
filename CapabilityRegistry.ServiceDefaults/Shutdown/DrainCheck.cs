using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CapabilityRegistry.ServiceDefaults.Shutdown;

/// <summary>Sends load balancers away from a process that is about to stop.</summary>
internal sealed class DrainCheck(Drain drain) : IHealthCheck
{
    public const string Name = "shutdown";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(drain.HasBegun ? HealthCheckResult.Unhealthy("The process was told to stop; it still serves, and takes no new connections soon.") : HealthCheckResult.Healthy());
}
