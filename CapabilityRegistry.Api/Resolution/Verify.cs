using System.Text.Json.Serialization;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Resolution;
using CapabilityRegistry.Data.Catalogues;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Resolution;

internal static class Verify
{
    public static async Task<Results<Ok<Response>, Problem>> HandleAsync(JsonBody<Request> body, RegistryScope scope, CatalogueStore catalogues, CancellationToken cancellationToken)
    {
        var (requirements, locked, include, derivation) = body.Value;
        var findings = new List<Finding>();
        var request = ResolutionQuery.Read(requirements, locked, include, findings);
        if (locked is null && derivation is null)
        {
            findings.Add(new("", "missing_member", "Give a lock to check, or the steps of a derivation to replay."));
        }

        if (request is null || findings.Count > 0)
        {
            return Problems.Invalid(findings);
        }

        var catalogue = await catalogues.GetAsync(scope.TenantId, cancellationToken);
        var violations = derivation is null
            ? SolutionChecker.Check(catalogue, request.Requirements, request.Lock, request.IncludePrerelease)
            : DerivationChecker.Check(catalogue, request, derivation);
        return TypedResults.Ok(new Response(violations.Count == 0, derivation is null ? "lock" : "derivation", catalogue.Position, violations));
    }

    /// <summary>A lock to check against requirements; or the steps of a derivation, with the lock that the resolution was given, if any.</summary>
    internal sealed record Request(
        [property: JsonRequired] IReadOnlyList<RequirementBody> Requirements,
        IReadOnlyList<LockedVersionBody>? Lock = null,
        IReadOnlyList<Inclusion>? Include = null,
        IReadOnlyList<DerivationStep>? Derivation = null);

    /// <summary>Whether it holds, and if not, everything that is wrong.</summary>
    internal sealed record Response(bool Valid, string Checked, long CataloguePosition, IReadOnlyList<string> Violations);
}
