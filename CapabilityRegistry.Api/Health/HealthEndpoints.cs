namespace CapabilityRegistry.Api.Health;

internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/health", GetHealth.HandleAsync).WithTags("Health").WithName("GetHealth").WithSummary("Whether the service and what it needs answer.").AllowAnonymous();
        endpoints.MapGet("/api/registry/health", GetRegistryHealth.HandleAsync).WithTags("Health").WithName("GetRegistryHealth").WithSummary("The same with each component, and since when this process runs.").AllowAnonymous();
    }
}
