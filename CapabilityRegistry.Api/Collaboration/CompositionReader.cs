using CapabilityRegistry.Api.Compositions;
using CapabilityRegistry.Data;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Collaboration;

/// <summary>Reads a composition outside of a request.</summary>
internal sealed class CompositionReader(IServiceScopeFactory scopes)
{
    /// <summary>The composition as it is now; null when there is none.</summary>
    public async Task<CompositionView?> ReadAsync(RoomKey key, CancellationToken cancellationToken)
    {
        await using var services = scopes.CreateAsyncScope();
        var database = services.ServiceProvider.GetRequiredService<RegistryDbContext>();
        database.TenantId = key.TenantId;
        var row = await GetComposition.Query(database, key.CompositionId).FirstOrDefaultAsync(cancellationToken);
        return row is null ? null : CompositionView.Of(row.Composition, row.LockedAt);
    }
}
