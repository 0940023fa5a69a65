using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CapabilityRegistry.AppHost;

/// <summary>When a command that calls a process can be given.</summary>
internal static class Readiness
{
    public static ResourceCommandState OfCommand(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.HealthStatus is HealthStatus.Healthy ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;
}
