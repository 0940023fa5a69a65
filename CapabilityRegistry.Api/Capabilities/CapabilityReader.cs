using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Model;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>Reads a capability's page as every operation that answers with one shows it.</summary>
internal static class CapabilityReader
{
    public static Task<CapabilityView?> ReadAsync(this RegistryScope scope, CapabilityKey key, CancellationToken cancellationToken) =>
        scope.ReadAsync(key.LivingIn(scope.Database.Capabilities.AsNoTracking()), cancellationToken);

    public static async Task<CapabilityView?> ReadAsync(this RegistryScope scope, IQueryable<Capability> one, CancellationToken cancellationToken)
    {
        var row = await one.Join(scope.Database.CapabilityVersions, c => c.LatestVersionId, v => v.VersionId, (c, v) => new { Capability = c, v.Manifest }).FirstOrDefaultAsync(cancellationToken);
        return row is null ? null : CapabilityView.Of(row.Capability, row.Manifest);
    }
}
