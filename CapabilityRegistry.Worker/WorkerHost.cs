using CapabilityRegistry.Data;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.ServiceDefaults.Configuration;
using CapabilityRegistry.Worker.Audit;
using CapabilityRegistry.Worker.Events;
using CapabilityRegistry.Worker.Housekeeping;
using CapabilityRegistry.Worker.Notifications;
using CapabilityRegistry.Worker.Relay;
using CapabilityRegistry.Worker.Search;
using CapabilityRegistry.Worker.Usage;
using CapabilityRegistry.Worker.Webhooks;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Worker;

/// <summary>The background half of the system, by itself or inside another host.</summary>
public static class WorkerHost
{
    /// <summary>Adds the background services.</summary>
    public static IServiceCollection AddRegistryWorker(this IServiceCollection services) => services
        .AddHostedService<SequencerService>()
        .AddRelay()
        .AddWebhookDelivery()
        .AddUsageRollUp()
        .AddNotifications()
        .AddHostedService<IdempotencySweeper>()
        .AddHostedService<EventSweeper>()
        .AddSingleton<IEventConsumer, AuditChainConsumer>()
        .AddHostedService<MobileActionSweeper>()
        .AddRegistryOptions<MobileActionOptions>(MobileActionOptions.SectionName).Services
        .AddHostedService<SearchUpkeep>()
        .AddRegistryOptions<EventRetentionOptions>(EventRetentionOptions.SectionName).Services;

    /// <summary>The role <c>migrate</c>: brings the schema up to date, makes the first tenant and its administrator where there is none, and ends.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> MigrateAsync(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        await using (app)
        {
            try
            {
                await app.Services.GetRequiredService<DatabaseMigrator>().RunAsync(app.Lifetime.ApplicationStopping);
                await using var scope = app.Services.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<FirstStart>().RunAsync(makeSecret: false, app.Lifetime.ApplicationStopping);
                return 0;
            }
            catch (PostgresException exception)
            {
                await Console.Error.WriteLineAsync($"The migration failed: {exception.MessageText} {exception.Hint}");
                return 1;
            }
            catch (Exception exception) when (exception is MigrationException or OptionsValidationException)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return 1;
            }
        }
    }
}
