using System.Text.Json;
using System.Text.Json.Nodes;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Compositions;

/// <summary>Every change of a composition, whether it comes as a request or over a socket: find it, look at the precondition, check, save with event and audit entry.</summary>
/// <remarks>Changes of one composition follow each other: one that was thought for an older row is not saved. So its revisions are in the order of the one sequence.</remarks>
internal static class CompositionEditing
{
    /// <summary>Edits a composition. What changes nothing is answered like what does, and leaves no trace.</summary>
    /// <param name="scope">The request.</param>
    /// <param name="compositionId">The composition.</param>
    /// <param name="edit">Makes the new state from the composition as it is; null when it cannot, with the reasons in the list.</param>
    /// <param name="cancellationToken">Cancels it; nothing is kept then.</param>
    public static async Task<Results<Ok<CompositionView>, Problem>> EditAsync(
        this RegistryScope scope, Guid compositionId, Func<Composition, List<Finding>, CompositionEdit?> edit, CancellationToken cancellationToken)
    {
        if (await scope.FindCompositionAsync(compositionId, cancellationToken) is not var (found, before))
        {
            return Problems.NotFound("composition");
        }

        if (!scope.IsCurrent(before))
        {
            return Problems.PreconditionFailed();
        }

        var findings = new List<Finding>();
        var wanted = edit(found, findings);
        findings.AddRange(wanted is null ? [] : await wanted.CheckAsync(scope, cancellationToken));
        if (wanted is null || findings.Count > 0)
        {
            return Problems.Invalid(findings);
        }

        if (!Apply(found, await wanted.NormalisedAsync(scope, cancellationToken), scope.Now))
        {
            return TypedResults.Ok(before);
        }

        var after = CompositionView.Of(found, before.LockedAt);
        scope.Record(EventTypes.CompositionUpdated, new("composition", $"{compositionId}") { CompositionId = compositionId, Before = before, After = after });
        return await scope.SaveAsync(cancellationToken) ? TypedResults.Ok(after) : scope.IsNameTaken ? NameTaken(found) : scope.Changed();
    }

    /// <summary>A composition, to be changed, and as it is shown now.</summary>
    public static async Task<(Composition Row, CompositionView View)?> FindCompositionAsync(this RegistryScope scope, Guid compositionId, CancellationToken cancellationToken)
    {
        if (await scope.Database.Compositions.FirstOrDefaultAsync(c => c.CompositionId == compositionId, cancellationToken) is not { } row)
        {
            return null;
        }

        var lockedAt = await scope.Database.CompositionLocks.Where(l => l.CompositionId == compositionId).Select(l => (DateTimeOffset?)l.LockedAt).FirstOrDefaultAsync(cancellationToken);
        return (row, CompositionView.Of(row, lockedAt));
    }

    /// <summary>The state that a merge patch (RFC 7396) makes of the present one; null, with the reasons, when it is none.</summary>
    public static CompositionEdit? Patched(Composition found, JsonObject patch, List<Finding> findings) =>
        StrictJson.Read<CompositionEdit>(JsonSerializer.SerializeToUtf8Bytes(MergePatch.Apply(StateOf(CompositionEdit.Of(found)), patch), RegistryJson.Options), findings);

    /// <summary>A state as JSON.</summary>
    public static JsonObject StateOf(CompositionEdit edit) => JsonSerializer.SerializeToNode(edit, RegistryJson.Options)!.AsObject();

    public static Problem NameTaken(Composition composition) => Problems.Duplicate($"A composition with the name '{composition.Name}' exists.");

    private static bool Apply(Composition found, CompositionEdit wanted, DateTimeOffset now)
    {
        var changed = MemberRevisions.Differences(StateOf(CompositionEdit.Of(found)), StateOf(wanted));
        if (changed.Count == 0)
        {
            return false;
        }

        wanted.WriteTo(found);
        found.UpdatedAt = now;
        found.Revision++;
        found.MemberRevisions = MemberRevisions.Of(found).With(changed, found.Revision).ToJson();
        return true;
    }
}
