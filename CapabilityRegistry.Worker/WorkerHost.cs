using CapabilityRegistry.Data;
using CapabilityRegistry.Worker.Events;
using Npgsql;

namespace CapabilityRegistry.Worker;

/// <summary>The background half of the system, by itself or inside another host.</summary>
public static class WorkerHost
{
    /// <summary>Adds the background services.</summary>
    public static IServiceCollection AddRegistryWorker(this IServiceCollection services) => services.AddHostedService<SequencerService>();

    /// <summary>The role <c>migrate</c>: brings the schema up to date and ends.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> MigrateAsync(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        await using (app)
        {
            await using var scope = app.Services.CreateAsyncScope();
            try
            {
                await scope.ServiceProvider.GetRequiredService<DatabaseMigrator>().RunAsync(app.Lifetime.ApplicationStopping);
                return 0;
            }
            catch (PostgresException exception)
            {
                await Console.Error.WriteLineAsync($"The migration failed: {exception.MessageText} {exception.Hint}");
                return 1;
            }
        }
    }
}
