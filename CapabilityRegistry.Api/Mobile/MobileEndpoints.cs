using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.ServiceDefaults.Configuration;

namespace CapabilityRegistry.Api.Mobile;

internal static class MobileEndpoints
{
    public static void AddMobile(this IServiceCollection services) => services.AddSingleton<OfflineQueue>();

    public static void MapMobile(this IEndpointRouteBuilder api)
    {
        var mobile = api.RequireFeature(Feature.MobileApi).MapGroup("/mobile").WithTags("Mobile");
        mobile.MapGet("/capabilities", ListMobileCapabilities.HandleAsync).WithName("ListMobileCapabilities").WithSummary("Lists capabilities in short, by limit and offset.").Requires(Access.Read);
        mobile.MapPost("/sync", SyncMobile.HandleAsync).WithName("SyncMobile").WithSummary("Reads what has changed since a position, and does what was done offline.")
            .Requires(Access.SyncMobile).WithMetadata(new OwnPreconditionsAttribute(), new OneAtATimeAttribute());
    }
}
