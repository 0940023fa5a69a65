using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CapabilityRegistry.Api.Health;

internal static class HealthEndpoints
{
    private static readonly string Version = typeof(HealthEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void MapHealth(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/health", HandleAsync).WithTags("Health").WithName("GetHealth").WithSummary("Whether the service and what it needs answer.");

    private static async Task<Results<Ok<Response>, JsonHttpResult<Response>>> HandleAsync(HealthCheckService health, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(3));
        var report = await health.CheckHealthAsync(limit.Token);
        var response = new Response(
            report.Status is HealthStatus.Unhealthy ? "unhealthy" : report.Status is HealthStatus.Degraded ? "degraded" : "healthy",
            Version,
            clock.GetUtcNow(),
            report.Entries.ToDictionary(e => e.Key, e => new Check(e.Value.Status.ToString().ToLowerInvariant(), e.Value.Description)));
        return report.Status is HealthStatus.Unhealthy ? TypedResults.Json(response, statusCode: StatusCodes.Status503ServiceUnavailable) : TypedResults.Ok(response);
    }

    internal sealed record Response(string Status, string Version, DateTimeOffset Timestamp, IReadOnlyDictionary<string, Check> Checks);

    internal sealed record Check(string Status, string? Reason);
}
