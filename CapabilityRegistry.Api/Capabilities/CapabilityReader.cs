using CapabilityRegistry.Api.Http;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>Reads a capability's page as every operation that answers with one shows it.</summary>
internal static class CapabilityReader
{
    public static async Task<CapabilityView?> ReadAsync(this RegistryScope scope, CapabilityKey key, CancellationToken cancellationToken)
    {
        var row = await key.LivingIn(scope.Database.Capabilities.AsNoTracking())
            .Join(scope.Database.CapabilityVersions, c => c.LatestVersionId, v => v.VersionId, (c, v) => new { Capability = c, v.Manifest })
            .FirstOrDefaultAsync(cancellationToken);
        return row is null ? null : CapabilityView.Of(row.Capability, row.Manifest);
    }
}
