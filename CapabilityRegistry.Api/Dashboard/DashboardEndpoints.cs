using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.ServiceDefaults.Configuration;

namespace CapabilityRegistry.Api.Dashboard;

internal static class DashboardEndpoints
{
    public static void MapDashboard(this IEndpointRouteBuilder api) => api.RequireFeature(Feature.AnalyticsDashboard)
        .MapGet("/registry/dashboard", GetDashboard.HandleAsync).WithTags("Registry").WithName("GetDashboard").WithSummary("What the tenant has, in numbers, and what happened last.").Requires(Access.Read).WithMetadata(new MeasurementAttribute());
}
