using CapabilityRegistry.Data.Usage;
using CapabilityRegistry.ServiceDefaults.Configuration;

namespace CapabilityRegistry.Worker.Usage;

internal static class UsageSetup
{
    /// <summary>Adds what makes days and scores of the hours that the API has counted, and removes what is too old.</summary>
    public static IServiceCollection AddUsageRollUp(this IServiceCollection services)
    {
        services.AddRegistryOptions<UsageOptions>(UsageOptions.SectionName);
        services.AddSingleton<UsageSums>();
        services.AddSingleton<PopularityScores>();
        services.AddHostedService<UsageRollUpService>();
        services.AddHostedService<UsageHourSweeper>();
        return services.AddHostedService<UsageDaySweeper>();
    }
}
