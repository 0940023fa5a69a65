using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

internal static class GetVersion
{
    public static async Task<Results<Ok<VersionView>, Problem>> HandleAsync(string capability, string version, RegistryScope scope, CancellationToken cancellationToken)
    {
        var owner = await CapabilityKey.Of(capability).LivingIn(scope.Database.Capabilities.AsNoTracking()).FirstOrDefaultAsync(cancellationToken);
        if (owner is null)
        {
            return Problems.NotFound("capability");
        }

        var found = await scope.Database.CapabilityVersions.AsNoTracking().Named(owner, version).FirstOrDefaultAsync(cancellationToken);
        return found is null ? Problems.NotFound("version") : TypedResults.Ok(VersionView.Of(owner.CapabilityCode, found));
    }
}
