using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Compositions;

internal static class GetComposition
{
    public static async Task<Results<Ok<CompositionView>, Problem>> HandleAsync(Guid compositionId, RegistryScope scope, CancellationToken cancellationToken)
    {
        var row = await scope.Database.Compositions.AsNoTracking().Where(c => c.CompositionId == compositionId)
            .Select(c => new { Composition = c, LockedAt = scope.Database.CompositionLocks.Where(l => l.CompositionId == c.CompositionId).Select(l => (DateTimeOffset?)l.LockedAt).FirstOrDefault() })
            .FirstOrDefaultAsync(cancellationToken);
        return row is null ? Problems.NotFound("composition") : TypedResults.Ok(CompositionView.Of(row.Composition, row.LockedAt));
    }
}
