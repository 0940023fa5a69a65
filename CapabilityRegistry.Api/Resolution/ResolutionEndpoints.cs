using CapabilityRegistry.Api.Identity;

namespace CapabilityRegistry.Api.Resolution;

internal static class ResolutionEndpoints
{
    public static void MapResolution(this IEndpointRouteBuilder api)
    {
        var resolution = api.MapGroup("/dependencies").WithTags("Resolution").Requires(Access.Read);
        resolution.MapPost("/resolve", Resolve.HandleAsync).WithName("Resolve").WithSummary("Finds versions that work together and the order to start them in, or proves that there are none.");
        resolution.MapPost("/verify", Verify.HandleAsync).WithName("Verify").WithSummary("Checks a lock, or replays a derivation, without the solver.");
    }
}
