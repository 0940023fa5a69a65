using CapabilityRegistry.Api.Identity;

namespace CapabilityRegistry.Api.Notifications;

internal static class NotificationEndpoints
{
    public static void MapNotifications(this IEndpointRouteBuilder api)
    {
        var subscriptions = api.MapGroup("/notifications/subscriptions").WithTags("Notifications").Requires(Access.ReadNotifications);
        subscriptions.MapGet("/", ListSubscriptions.HandleAsync).WithName("ListSubscriptions").WithSummary("Lists who gets mail about what, and how that went last.");
        subscriptions.MapPost("/", CreateSubscription.HandleAsync).WithName("CreateSubscription").WithSummary("Subscribes a mail address to kinds of notifications.").Requires(Access.WriteNotifications);
        subscriptions.MapGet("/{subscriptionId:guid}", GetSubscription.HandleAsync).WithName("GetSubscription").WithSummary("Reads a subscription.");
        subscriptions.MapDelete("/{subscriptionId:guid}", DeleteSubscription.HandleAsync).WithName("DeleteSubscription").WithSummary("Ends a subscription, with everything that was not sent yet.").Requires(Access.WriteNotifications);
    }
}
