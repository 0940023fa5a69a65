using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CapabilityRegistry.Api.Health;

internal static class GetHealth
{
    public static async Task<Results<Ok<Response>, JsonHttpResult<Response>>> HandleAsync(HealthCheckService health, TimeProvider clock, CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(cancellationToken);
        var response = new Response(
            HealthFindings.WordOf(report.Status),
            HealthFindings.Version,
            clock.GetUtcNow(),
            report.Entries.ToDictionary(
                e => e.Key,
                e => new Check(HealthFindings.WordOf(e.Value.Status), Math.Round(e.Value.Duration.TotalMilliseconds, 1), HealthFindings.ReasonOf(e.Value)),
                StringComparer.Ordinal));
        return report.Status is HealthStatus.Unhealthy ? TypedResults.Json(response, statusCode: HealthFindings.StatusCodeOf(report.Status)) : TypedResults.Ok(response);
    }

    internal sealed record Response(string Status, string Version, DateTimeOffset Timestamp, IReadOnlyDictionary<string, Check> Checks);

    /// <summary>What one check found, and how long it took.</summary>
    internal sealed record Check(string Status, double DurationMs, string? Reason);
}
