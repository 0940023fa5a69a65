using CapabilityRegistry.Api.Identity;

namespace CapabilityRegistry.Api.Tenants;

internal static class TenantEndpoints
{
    public static void MapTenants(this IEndpointRouteBuilder api)
    {
        var tenants = api.MapGroup("/tenants").WithTags("Tenants").Requires(Access.ReadTenants);
        tenants.MapGet("/", ListTenants.HandleAsync).WithName("ListTenants").WithSummary("Lists the tenants of the registry.");
        tenants.MapPost("/", CreateTenant.HandleAsync).WithName("CreateTenant").WithSummary("Creates a tenant with its first administrator and shows that one's secret, once.").Requires(Access.WriteTenants);
        tenants.MapGet("/{tenantId}", GetTenant.HandleAsync).WithName("GetTenant").WithSummary("Reads a tenant.");
        tenants.MapPatch("/{tenantId}", PatchTenant.HandleAsync).WithName("PatchTenant").WithSummary("Renames, suspends or reactivates a tenant (RFC 7396).").Requires(Access.WriteTenants);
    }
}
