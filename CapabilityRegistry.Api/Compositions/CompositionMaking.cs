using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Compositions;

/// <summary>Every making of a composition: check, save with event and audit entry, answer with it.</summary>
internal static class CompositionMaking
{
    /// <summary>Makes a composition.</summary>
    /// <param name="scope">The request.</param>
    /// <param name="wanted">What it is to be.</param>
    /// <param name="cancellationToken">Cancels it; nothing is kept then.</param>
    public static async Task<Results<Created<CompositionView>, Problem>> MakeCompositionAsync(this RegistryScope scope, CompositionEdit wanted, CancellationToken cancellationToken)
    {
        if (await wanted.CheckAsync(scope, cancellationToken) is { Count: > 0 } findings)
        {
            return Problems.Invalid(findings);
        }

        var composition = ToRow(await wanted.NormalisedAsync(scope, cancellationToken), scope);
        scope.Database.Compositions.Add(composition);
        var view = CompositionView.Of(composition, lockedAt: null);
        scope.Record(EventTypes.CompositionCreated, new("composition", $"{composition.CompositionId}") { CompositionId = composition.CompositionId, After = view });
        return await scope.SaveAsync(cancellationToken)
            ? TypedResults.Created($"/api/compositions/{composition.CompositionId}", view)
            : CompositionEditing.NameTaken(composition);
    }

    private static Composition ToRow(CompositionEdit edit, RegistryScope scope)
    {
        var composition = new Composition
        {
            TenantId = scope.TenantId,
            CompositionId = scope.NewId(),
            Name = edit.Name,
            Description = "",
            CompositionType = "",
            Requirements = "",
            Details = "",
            MemberRevisions = MemberRevisions.None,
            CreatedAt = scope.Now,
            CreatedBy = scope.Actor.Name,
            UpdatedAt = scope.Now,
            Revision = 1,
        };
        edit.WriteTo(composition);
        return composition;
    }
}
