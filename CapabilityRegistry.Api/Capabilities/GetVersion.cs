using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Usage;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

internal static class GetVersion
{
    public static async Task<Results<Ok<VersionView>, Problem>> HandleAsync(string capability, string version, RegistryScope scope, UsageCounters usage, CancellationToken cancellationToken)
    {
        var owner = await CapabilityKey.Of(capability).LivingIn(scope.Database.Capabilities.AsNoTracking()).FirstOrDefaultAsync(cancellationToken);
        if (owner is null)
        {
            return Problems.NotFound("capability");
        }

        var found = await scope.Database.CapabilityVersions.AsNoTracking().Named(owner, version).FirstOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return Problems.NotFound("version");
        }

        usage.Count(new(scope.TenantId, owner.CapabilityCode, UsageKind.View));
        return TypedResults.Ok(VersionView.Of(owner.CapabilityCode, found));
    }
}
