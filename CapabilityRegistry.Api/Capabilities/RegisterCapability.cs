using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Writing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Capabilities;

internal static class RegisterCapability
{
    public static async Task<Results<Created<CapabilityView>, Problem>> HandleAsync(ManifestBody body, RegistryScope scope, CancellationToken cancellationToken)
    {
        var release = body.Release;
        var outcome = await scope.WriteAsync(release, CapabilityExpectation.New, cancellationToken);
        return outcome.Wrote
            ? TypedResults.Created($"/api/capabilities/{release.Code}", await scope.ReadAsync(new CapabilityKey(outcome.CapabilityId, null), cancellationToken))
            : WriteProblems.Of(outcome, release);
    }
}
