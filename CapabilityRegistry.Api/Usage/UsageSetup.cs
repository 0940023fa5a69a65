using CapabilityRegistry.Data.Usage;
using CapabilityRegistry.ServiceDefaults.Configuration;

namespace CapabilityRegistry.Api.Usage;

internal static class UsageSetup
{
    /// <summary>Adds the counting of uses.</summary>
    public static void AddUsage(this IServiceCollection services)
    {
        services.AddRegistryOptions<UsageOptions>(UsageOptions.SectionName);
        services.AddSingleton<UsageCounters>();
        services.AddSingleton<ResolutionUsage>();
        services.AddSingleton<UsageTable>();
        services.AddSingleton<UsageMetrics>();
        services.AddSingleton<UsageFlush>();
        services.AddHostedService(provider => provider.GetRequiredService<UsageFlush>());
    }
}
