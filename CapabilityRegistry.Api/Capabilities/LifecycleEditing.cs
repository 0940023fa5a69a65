using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>Every change of a version's lifecycle: find it, look at the precondition, check, save with event and audit entry, answer with the version.</summary>
internal static class LifecycleEditing
{
    /// <summary>Changes the lifecycle of a version of a living capability.</summary>
    /// <param name="scope">The request.</param>
    /// <param name="capability">The capability's id or code.</param>
    /// <param name="version">The version, or the channel that leads to it.</param>
    /// <param name="change">Where it is to stand.</param>
    /// <param name="cancellationToken">Cancels it; nothing is kept then.</param>
    public static async Task<Results<Ok<VersionView>, Problem>> ChangeLifecycleAsync(
        this RegistryScope scope, string capability, string version, LifecycleView change, CancellationToken cancellationToken)
    {
        if (Check(change) is { Count: > 0 } findings)
        {
            return Problems.Invalid(findings);
        }

        var owner = await CapabilityKey.Of(capability).LivingIn(scope.Database.Capabilities).FirstOrDefaultAsync(cancellationToken);
        if (owner is null)
        {
            return Problems.NotFound("capability");
        }

        var found = await scope.Database.CapabilityVersions.Named(owner, version).FirstOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return Problems.NotFound("version");
        }

        var before = VersionView.Of(owner.CapabilityCode, found);
        if (!scope.IsCurrent(before))
        {
            return Problems.PreconditionFailed();
        }

        (found.Lifecycle, found.LifecycleMessage, found.ReplacedBy, found.SunsetAt) =
            (change.State, change.Message, CapabilityCode.Normalise(change.ReplacedBy), change.SunsetAt?.AsKept());
        owner.Status = await StatusAsync(owner, found, scope, cancellationToken);
        owner.UpdatedAt = scope.Now;
        owner.Revision++;
        var after = VersionView.Of(owner.CapabilityCode, found);
        scope.Record(
            EventTypes.VersionLifecycleChanged,
            new("version", $"{owner.CapabilityCode}@{found.Version}") { CapabilityId = owner.CapabilityId, VersionId = found.VersionId, Before = before, After = after });
        scope.Forget(owner.CapabilityId, owner.CapabilityCode);
        return await scope.SaveAsync(owner, cancellationToken) ? TypedResults.Ok(after) : scope.Changed();
    }

    private static List<Finding> Check(LifecycleView change)
    {
        var findings = new List<Finding>();
        if (change.Message?.Length > ManifestLimits.ShortText)
        {
            findings.Add(new(change.State is LifecycleState.Deprecated ? "/message" : "/reason", "too_long", $"At most {ManifestLimits.ShortText} characters are allowed."));
        }

        if (change.ReplacedBy is not null && CapabilityCode.Normalise(change.ReplacedBy) is null)
        {
            findings.Add(new("/replaced_by", "invalid_code", "Must be a capability code."));
        }

        return findings;
    }

    /// <summary>A capability none of whose versions is active is deprecated, or retired when none is even deprecated.</summary>
    private static async Task<string> StatusAsync(Capability owner, CapabilityVersion changed, RegistryScope scope, CancellationToken cancellationToken)
    {
        var others = await scope.Database.CapabilityVersions.Where(v => v.CapabilityId == owner.CapabilityId && v.VersionId != changed.VersionId)
            .Select(v => v.Lifecycle).Distinct().ToListAsync(cancellationToken);
        List<LifecycleState> states = [.. others, changed.Lifecycle];
        var wasEnding = owner.Status is CapabilityStatus.Deprecated or CapabilityStatus.Retired;
        return states.Contains(LifecycleState.Active) ? (wasEnding ? CapabilityStatus.Active : owner.Status)
            : states.Contains(LifecycleState.Deprecated) ? CapabilityStatus.Deprecated
            : CapabilityStatus.Retired;
    }
}
