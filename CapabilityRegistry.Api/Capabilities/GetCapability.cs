using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Capabilities;

internal static class GetCapability
{
    public static async Task<Results<Representation<CapabilityView>, Problem>> HandleAsync(string capability, RegistryScope scope, CapabilityPages pages, CancellationToken cancellationToken)
    {
        var key = CapabilityKey.Of(capability);
        if (await pages.GetAsync(scope.TenantId, key, () => scope.ReadAsync(key, cancellationToken)) is not { } page)
        {
            return Problems.NotFound("capability");
        }

        page.Views?.Count();
        return page.Representation;
    }
}
