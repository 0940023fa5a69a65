using System.Text.Json;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Resolution;
using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Resolution;
using CapabilityRegistry.Core.Versions;
using CapabilityRegistry.Data.Catalogues;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Compositions;

/// <summary>Computes and stores a lock. <c>update=none</c> keeps the stored one while it still holds; <c>minimal</c> (the default) changes as little of it as possible;
/// <c>all</c> resolves anew. What cannot be resolved changes nothing.</summary>
internal static class LockComposition
{
    public static async Task<Results<Ok<ResolutionAnswer>, Problem>> HandleAsync(
        Guid compositionId, [FromQuery(Name = "update")] string? update, RegistryScope scope, CatalogueStore catalogues, BudgetedResolver resolver, CancellationToken cancellationToken)
    {
        if (update is not (null or "none" or "minimal" or "all"))
        {
            return Problems.Invalid("?update", "invalid_value", $"'{update}' is none of none, minimal, all.");
        }

        var composition = await scope.Database.Compositions.AsNoTracking().FirstOrDefaultAsync(c => c.CompositionId == compositionId, cancellationToken);
        if (composition is null)
        {
            return Problems.NotFound("composition");
        }

        var stored = await scope.Database.CompositionLocks.FirstOrDefaultAsync(l => l.CompositionId == compositionId, cancellationToken);
        var before = stored is null ? null : JsonSerializer.Deserialize<ResolutionAnswer>(stored.Document, RegistryJson.Options);
        if (before is null ? scope.Http.Request.Headers.ContainsKey("If-Match") : !scope.IsCurrent(before))
        {
            return Problems.PreconditionFailed();
        }

        var request = RequestOf(composition, update == "all" ? null : before);
        var catalogue = await catalogues.GetAsync(scope.TenantId, cancellationToken);
        if (update == "none" && before is not null && StillHolds(catalogue, request))
        {
            scope.AfterCommit(() => scope.CountLock(before));
            return TypedResults.Ok(before);
        }

        var outcome = resolver.Resolve(catalogue, request, budgetMs: null, cancellationToken);
        if (outcome.Status is not ResolutionStatus.Resolved)
        {
            return Problems.NotResolvable(ExplanationBody.Of(outcome)!.Prose);
        }

        var answer = ResolutionAnswer.Of(outcome);
        Store(scope, composition, stored, before, answer);
        scope.AfterCommit(() => scope.CountLock(answer));
        return await scope.SaveAsync(cancellationToken) ? TypedResults.Ok(answer) : scope.Changed();
    }

    private static ResolutionRequest RequestOf(Composition composition, ResolutionAnswer? keep) => new()
    {
        Requirements = ResolutionQuery.ReadRequirements(CompositionView.RequirementsOf(composition), []),
        Lock = [.. (keep?.Lock?.Versions ?? []).Select(v => new LockedVersion(v.CapabilityCode, SemanticVersion.Parse(v.Version)))],
    };

    private static bool StillHolds(Catalogue catalogue, ResolutionRequest request) => SolutionChecker.Check(catalogue, request.Requirements, request.Lock).Count == 0;

    private static void Store(RegistryScope scope, Composition composition, CompositionLock? stored, ResolutionAnswer? before, ResolutionAnswer answer)
    {
        var document = JsonSerializer.Serialize(answer, RegistryJson.Options);
        if (stored is null)
        {
            scope.Database.CompositionLocks.Add(new()
            {
                TenantId = scope.TenantId,
                CompositionId = composition.CompositionId,
                CataloguePosition = answer.CataloguePosition,
                Document = document,
                LockedAt = scope.Now,
            });
        }
        else
        {
            (stored.CataloguePosition, stored.Document, stored.LockedAt) = (answer.CataloguePosition, document, scope.Now);
        }

        scope.Record(EventTypes.CompositionLocked, new("lock", $"{composition.CompositionId}") { CompositionId = composition.CompositionId, Before = before, After = answer });
    }
}
