using System.Text.Json.Serialization;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Usage;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Catalogues;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Resolution;

internal static class Resolve
{
    public static async Task<Results<Ok<ResolutionAnswer>, Problem>> HandleAsync(
        JsonBody<Request> body, RegistryScope scope, CatalogueStore catalogues, BudgetedResolver resolver, ResolutionUsage usage, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var request = ResolutionQuery.Read(body.Value.Requirements, body.Value.Lock, body.Value.Include, findings);
        BudgetedResolver.Validate(body.Value.BudgetMs, findings);
        if (request is null || findings.Count > 0)
        {
            return Problems.Invalid(findings);
        }

        var catalogue = await catalogues.GetAsync(scope.TenantId, cancellationToken);
        var outcome = resolver.Resolve(catalogue, request, body.Value.BudgetMs, cancellationToken);
        usage.CountResolution(scope.TenantId, request, outcome);
        return TypedResults.Ok(ResolutionAnswer.Of(outcome));
    }

    /// <summary>What must work together, what to keep, what to look at.</summary>
    internal sealed record Request(
        [property: JsonRequired] IReadOnlyList<RequirementBody> Requirements,
        IReadOnlyList<LockedVersionBody>? Lock = null,
        IReadOnlyList<Inclusion>? Include = null,
        int? BudgetMs = null);
}
