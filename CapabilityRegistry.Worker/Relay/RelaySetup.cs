using CapabilityRegistry.ServiceDefaults.Configuration;

namespace CapabilityRegistry.Worker.Relay;

internal static class RelaySetup
{
    /// <summary>Adds the relay. Consumers are what is registered as <see cref="Data.Events.IEventConsumer"/>.</summary>
    public static IServiceCollection AddRelay(this IServiceCollection services)
    {
        services.AddRegistryOptions<RelayOptions>(RelayOptions.SectionName);
        services.AddSingleton<RelayMetrics>();
        return services.AddHostedService<RelayService>();
    }
}
