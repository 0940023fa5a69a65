using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.ServiceDefaults.Configuration;

namespace CapabilityRegistry.Api.Analytics;

internal static class AnalyticsEndpoints
{
    public static void AddAnalytics(this IServiceCollection services)
    {
        services.AddSingleton<RequestTimes>();
        services.AddHostedService(provider => provider.GetRequiredService<RequestTimes>());
        services.AddSingleton<ProcessReport>();
    }

    public static void MapAnalytics(this IEndpointRouteBuilder api)
    {
        var analytics = api.RequireFeature(Feature.AnalyticsDashboard).MapGroup("/analytics").WithTags("Analytics");
        analytics.MapGet("/usage", GetUsage.HandleAsync).WithName("GetUsage").WithSummary("Reads how often capabilities were used, by hour or day, and which the most.").Requires(Access.Read);
        analytics.MapGet("/performance", GetPerformance.HandleAsync).WithName("GetPerformance").WithSummary("Reads how the process that answers has fared in the last minutes, and how far the consumers of the sequence are.").Requires(Access.OperateRegistry);
    }
}
