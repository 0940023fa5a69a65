using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Compositions;

/// <summary>Removes a composition and its lock. Its events stay, with a tombstone.</summary>
internal static class DeleteComposition
{
    public static async Task<Results<NoContent, Problem>> HandleAsync(Guid compositionId, RegistryScope scope, CancellationToken cancellationToken)
    {
        if (await scope.FindCompositionAsync(compositionId, cancellationToken) is not var (found, before))
        {
            return Problems.NotFound("composition");
        }

        if (!scope.IsCurrent(before))
        {
            return Problems.PreconditionFailed();
        }

        scope.Database.Compositions.Remove(found);
        scope.Record(EventTypes.CompositionDeleted, new("composition", $"{compositionId}") { CompositionId = compositionId, Before = before });
        return await scope.SaveAsync(cancellationToken) ? TypedResults.NoContent() : scope.Changed();
    }
}
