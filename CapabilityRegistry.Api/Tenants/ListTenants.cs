using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Tenants;

internal static class ListTenants
{
    public static async Task<Results<Ok<Page<TenantView>>, Problem>> HandleAsync([AsParameters] PageQuery page, RegistryScope scope, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        return Paging<NoFilter>.Of(page, NoFilter.Empty, nameof(ListTenants), scope, findings) is { } paging
            ? TypedResults.Ok(await paging.ReadAsync(scope.OfAllTenants<Tenant>(), new Keyset<Tenant>().By(t => t.TenantId), t => new TenantView(t.TenantId, t.Name, t.SuspendedAt != null, t.CreatedAt, t.CreatedBy, t.UpdatedAt, t.SuspendedAt), cancellationToken))
            : Problems.Invalid(findings);
    }
}
