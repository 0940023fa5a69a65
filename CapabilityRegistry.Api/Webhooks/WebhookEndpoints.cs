using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Data.Webhooks;
using CapabilityRegistry.ServiceDefaults.Configuration;

namespace CapabilityRegistry.Api.Webhooks;

internal static class WebhookEndpoints
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddRegistryOptions<WebhooksOptions>(WebhooksOptions.SectionName);
        return services;
    }

    public static void MapWebhooks(this IEndpointRouteBuilder api)
    {
        var webhooks = api.RequireFeature(Feature.Webhooks).MapGroup("/webhooks").WithTags("Webhooks").Requires(Access.ReadWebhooks);
        webhooks.MapGet("/", ListWebhooks.HandleAsync).WithName("ListWebhooks").WithSummary("Lists webhooks.");
        webhooks.MapPost("/", CreateWebhook.HandleAsync).WithName("CreateWebhook").WithSummary("Creates a webhook and shows its secret, once.").Requires(Access.WriteWebhooks);
        webhooks.MapGet("/events", ListWebhookEvents.Handle).WithName("ListWebhookEvents").WithSummary("Lists the event types that a webhook can be subscribed to.");
        webhooks.MapGet("/{webhookId:guid}", GetWebhook.HandleAsync).WithName("GetWebhook").WithSummary("Reads a webhook. Its secret is never shown again.");
        webhooks.MapPut("/{webhookId:guid}", ReplaceWebhook.HandleAsync).WithName("ReplaceWebhook").WithSummary("Replaces address, events, description and whether it is enabled.").Requires(Access.WriteWebhooks);
        webhooks.MapPatch("/{webhookId:guid}", PatchWebhook.HandleAsync).WithName("PatchWebhook").WithSummary("Changes some of that (RFC 7396).").Requires(Access.WriteWebhooks);
        webhooks.MapDelete("/{webhookId:guid}", DeleteWebhook.HandleAsync).WithName("DeleteWebhook").WithSummary("Deletes a webhook with its deliveries.").Requires(Access.WriteWebhooks);
        webhooks.MapPost("/{webhookId:guid}/test", TestWebhook.HandleAsync).WithName("TestWebhook").WithSummary("Has a test sent to the webhook, and says which delivery to look at.").Requires(Access.WriteWebhooks);
        webhooks.MapPost("/{webhookId:guid}/secret/rotate", RotateWebhookSecret.HandleAsync).WithName("RotateWebhookSecret").WithSummary("Makes a new secret and shows it, once; the old one signs too for a while.").Requires(Access.WriteWebhooks);
        webhooks.MapGet("/{webhookId:guid}/deliveries", ListDeliveries.HandleAsync).WithName("ListDeliveries").WithSummary("Lists the deliveries of a webhook, newest first.");
        webhooks.MapGet("/{webhookId:guid}/deliveries/{deliveryId:guid}", GetDelivery.HandleAsync).WithName("GetDelivery").WithSummary("Reads a delivery with its attempts.");
        webhooks.MapPost("/{webhookId:guid}/deliveries/{deliveryId:guid}/redeliver", Redeliver.HandleAsync).WithName("Redeliver").WithSummary("Has a delivery sent again, under the same message id.").Requires(Access.WriteWebhooks);
    }
}
