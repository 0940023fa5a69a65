using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>Deprecates, yanks, retires or restores a version. Doing it again changes the words, not the state, and is no error.</summary>
internal static class ChangeLifecycle
{
    public static Task<Results<Ok<VersionView>, Problem>> DeprecateAsync(string capability, string version, JsonBody<Deprecation> body, RegistryScope scope, CancellationToken cancellationToken) =>
        ChangeAsync(capability, version, new(LifecycleState.Deprecated, body.Value.Message, body.Value.ReplacedBy, body.Value.SunsetAt), scope, cancellationToken);

    public static Task<Results<Ok<VersionView>, Problem>> YankAsync(string capability, string version, JsonBody<Withdrawal> body, RegistryScope scope, CancellationToken cancellationToken) =>
        ChangeAsync(capability, version, new(LifecycleState.Yanked, body.Value.Reason, null, null), scope, cancellationToken);

    public static Task<Results<Ok<VersionView>, Problem>> RetireAsync(string capability, string version, JsonBody<Withdrawal> body, RegistryScope scope, CancellationToken cancellationToken) =>
        ChangeAsync(capability, version, new(LifecycleState.Retired, body.Value.Reason, null, null), scope, cancellationToken);

    public static Task<Results<Ok<VersionView>, Problem>> RestoreAsync(string capability, string version, RegistryScope scope, CancellationToken cancellationToken) =>
        ChangeAsync(capability, version, new(LifecycleState.Active, null, null, null), scope, cancellationToken);

    private static async Task<Results<Ok<VersionView>, Problem>> ChangeAsync(
        string capability, string version, LifecycleView change, RegistryScope scope, CancellationToken cancellationToken)
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

        (found.Lifecycle, found.LifecycleMessage, found.ReplacedBy, found.SunsetAt) =
            (change.State, change.Message, CapabilityCode.Normalise(change.ReplacedBy), change.SunsetAt?.ToUniversalTime());
        owner.Status = await StatusAsync(owner, found, scope, cancellationToken);
        owner.UpdatedAt = scope.Now;
        owner.Revision++;
        scope.Append(EventTypes.VersionLifecycleChanged, owner.CapabilityId, found.VersionId);
        return await scope.SaveAsync(cancellationToken) ? TypedResults.Ok(VersionView.Of(owner.CapabilityCode, found)) : Problems.Changed();
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

    internal sealed record Deprecation(string? Message = null, string? ReplacedBy = null, DateTimeOffset? SunsetAt = null);

    internal sealed record Withdrawal([property: System.Text.Json.Serialization.JsonRequired] string Reason);
}
