using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Compositions;

internal static class GetComposition
{
    public static async Task<Results<Ok<CompositionView>, Problem>> HandleAsync(Guid compositionId, RegistryScope scope, CancellationToken cancellationToken)
    {
        var row = await Query(scope.Database, compositionId).FirstOrDefaultAsync(cancellationToken);
        return row is null ? Problems.NotFound("composition") : TypedResults.Ok(CompositionView.Of(row.Composition, row.LockedAt));
    }

    /// <summary>A composition with the time of its lock.</summary>
    public static IQueryable<Row> Query(RegistryDbContext database, Guid compositionId) => database.Compositions.AsNoTracking().Where(c => c.CompositionId == compositionId)
        .Select(c => new Row(c, database.CompositionLocks.Where(l => l.CompositionId == c.CompositionId).Select(l => (DateTimeOffset?)l.LockedAt).FirstOrDefault()));

    internal sealed record Row(Composition Composition, DateTimeOffset? LockedAt);
}
