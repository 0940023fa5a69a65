using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CapabilityRegistry.Api.Health;

internal static class GetRegistryHealth
{
    public static async Task<Results<Ok<Response>, JsonHttpResult<Response>>> HandleAsync(HealthCheckService health, TimeProvider clock, CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(cancellationToken);
        using var process = Process.GetCurrentProcess();
        var (started, now) = (new DateTimeOffset(process.StartTime.ToUniversalTime()), clock.GetUtcNow());
        var response = new Response(
            HealthFindings.WordOf(report.Status),
            HealthFindings.Version,
            started,
            Math.Round((now - started).TotalSeconds),
            now,
            [.. report.Entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(Component.Of)]);
        return report.Status is HealthStatus.Unhealthy ? TypedResults.Json(response, statusCode: HealthFindings.StatusCodeOf(report.Status)) : TypedResults.Ok(response);
    }

    internal sealed record Response(string Status, string Version, DateTimeOffset StartedAt, double UptimeSeconds, DateTimeOffset Timestamp, IReadOnlyList<Component> Components);

    /// <summary>Something that the service needs, and how it is.</summary>
    internal sealed record Component(string Name, string Status, double DurationMs, string? Reason)
    {
        public static Component Of(KeyValuePair<string, HealthReportEntry> entry) =>
            new(entry.Key, HealthFindings.WordOf(entry.Value.Status), Math.Round(entry.Value.Duration.TotalMilliseconds, 1), HealthFindings.ReasonOf(entry.Value));
    }
}
