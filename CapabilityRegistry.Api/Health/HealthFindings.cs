using System.Reflection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CapabilityRegistry.Api.Health;

/// <summary>What the checks found, in words for anybody: an exception's own words can name hosts and users, and are for the log.</summary>
internal static class HealthFindings
{
    /// <summary>The release.</summary>
    public static readonly string Version = typeof(HealthFindings).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static string WordOf(HealthStatus status) => status.ToString().ToLowerInvariant();

    public static string? ReasonOf(HealthReportEntry entry) => entry.Exception switch
    {
        null => entry.Description,
        OperationCanceledException => "No answer in time.",
        _ => "The check failed; the log of the service has why.",
    };

    /// <summary>A degraded service answers, only not as well as it could.</summary>
    public static int StatusCodeOf(HealthStatus status) => status is HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
}
