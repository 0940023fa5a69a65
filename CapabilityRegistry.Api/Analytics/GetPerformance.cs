using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Analytics;

/// <summary>For operators of the registry: the figures are of all tenants together.</summary>
internal static class GetPerformance
{
    [Measurement]
    public static async Task<Ok<PerformanceView>> HandleAsync(RegistryScope scope, ProcessReport report, CancellationToken cancellationToken)
    {
        scope.Http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await report.ReadAsync(cancellationToken));
    }
}
