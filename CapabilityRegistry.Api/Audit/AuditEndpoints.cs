using CapabilityRegistry.Api.Identity;

namespace CapabilityRegistry.Api.Audit;

internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("Audit").Requires(Access.ReadAudit);
        audit.MapGet("/", ListAudit.HandleAsync).WithName("ListAudit").WithSummary("Lists who did what, newest first.");
        audit.MapGet("/head", GetAuditHead.HandleAsync).WithName("GetAuditHead").WithSummary("Reads the end of the audit chain, to be noted elsewhere.");
        audit.MapGet("/verify", VerifyAudit.HandleAsync).WithName("VerifyAudit").WithSummary("Compares audit entries with their chain and names the first that is altered, missing or inserted.");
    }
}
