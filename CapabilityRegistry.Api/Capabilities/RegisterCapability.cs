using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Writing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Capabilities;

internal static class RegisterCapability
{
    public static async Task<Results<Created<CapabilityView>, Problem>> HandleAsync(ManifestBody body, RegistryScope scope, CatalogueWriter writer, CancellationToken cancellationToken)
    {
        var release = body.Release;
        var context = new WriteContext(scope.TenantId, scope.Actor, scope.Now, Expectation: CapabilityExpectation.New);
        var outcome = (await writer.WriteAsync([release], context, cancellationToken))[0];
        return outcome.Wrote
            ? TypedResults.Created($"/api/capabilities/{release.Code}", await scope.ReadAsync(new(outcome.CapabilityId, null), cancellationToken))
            : WriteProblems.Of(outcome, release);
    }
}
