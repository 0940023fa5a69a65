using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Writing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

internal static class PublishVersion
{
    public static async Task<Results<Created<VersionView>, Problem>> HandleAsync(
        string capability, ManifestBody body, RegistryScope scope, CancellationToken cancellationToken)
    {
        var release = body.Release;
        var code = await CapabilityKey.Of(capability).LivingIn(scope.Database.Capabilities).Select(c => c.CapabilityCode).FirstOrDefaultAsync(cancellationToken);
        if (code is null)
        {
            return Problems.NotFound("capability");
        }

        if (code != release.Code)
        {
            return Problems.Invalid("/capability_code", "mismatch", $"The manifest is of '{release.Code}', the address of '{code}'.");
        }

        var outcome = await scope.WriteAsync(release, CapabilityExpectation.Existing, cancellationToken);
        if (!outcome.Wrote)
        {
            return WriteProblems.Of(outcome, release);
        }

        var version = await scope.Database.CapabilityVersions.AsNoTracking().FirstAsync(v => v.VersionId == outcome.VersionId, cancellationToken);
        return TypedResults.Created($"/api/capabilities/{code}/versions/{release.Version}", VersionView.Of(code, version));
    }
}
