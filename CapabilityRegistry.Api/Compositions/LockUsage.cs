using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Resolution;
using CapabilityRegistry.Api.Usage;

namespace CapabilityRegistry.Api.Compositions;

internal static class LockUsage
{
    /// <summary>Counts a lock that is given out as a use of every capability in it.</summary>
    public static void CountLock(this RegistryScope scope, ResolutionAnswer answer) =>
        scope.Http.RequestServices.GetRequiredService<ResolutionUsage>().CountLock(scope.TenantId, (answer.Lock?.Versions ?? []).Select(v => v.CapabilityCode));
}
