using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Tenants;

internal static class GetTenant
{
    public static async Task<Results<Ok<TenantView>, Problem>> HandleAsync(string tenantId, RegistryScope scope, CancellationToken cancellationToken)
    {
        if (!TenantName.IsValid(tenantId))
        {
            return Problems.NotFound("tenant");
        }

        await scope.EnterTenantAsync(tenantId, cancellationToken);
        return await scope.Database.Tenants.AsNoTracking().FirstOrDefaultAsync(cancellationToken) is { } tenant ? TypedResults.Ok(TenantView.Of(tenant)) : Problems.NotFound("tenant");
    }
}
