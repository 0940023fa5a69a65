using CapabilityRegistry.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Api.Http;

/// <summary>Leaves out the routes of features that are switched off.</summary>
internal static class Features
{
    /// <summary>A group for the routes of a feature. When the feature is off nothing that is mapped on it exists: every method answers 404 like any other unknown address, before anybody
    /// is asked for a token, and the OpenAPI document does not have it. (To refuse in a filter or a policy would come after authentication and method matching, and tell by a 401 or 405.)</summary>
    public static RouteGroupBuilder RequireFeature(this IEndpointRouteBuilder routes, Feature feature) =>
        (routes.ServiceProvider.GetRequiredService<IOptions<FeaturesOptions>>().Value.IsOn(feature) ? routes : new Nowhere(routes)).MapGroup("");

    /// <summary>Takes routes, and gives them to nobody.</summary>
    private sealed class Nowhere(IEndpointRouteBuilder routes) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => routes.ServiceProvider;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => routes.CreateApplicationBuilder();
    }
}
