using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Webhooks;
using CapabilityRegistry.ServiceDefaults.Configuration;

namespace CapabilityRegistry.Worker.Webhooks;

internal static class WebhookWorker
{
    /// <summary>Adds what turns events into deliveries, and what delivers them.</summary>
    public static IServiceCollection AddWebhookDelivery(this IServiceCollection services)
    {
        services.AddRegistryOptions<WebhooksOptions>(WebhooksOptions.SectionName);
        services.AddSingleton<IEventConsumer, WebhookFanOut>();
        services.AddSingleton<DeliverySignal>();
        services.AddSingleton<DeliveryQueue>();
        services.AddSingleton<DeliveryDesk>();
        services.AddSingleton<WebhookClient>();
        services.AddSingleton<WebhookSwitch>();
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton(new RetrySchedule(Random.Shared.NextDouble));
        return services.AddHostedService<DeliveryService>().AddHostedService<WebhookSweeper>();
    }
}
