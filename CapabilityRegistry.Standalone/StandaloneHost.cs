using CapabilityRegistry.Api;
using CapabilityRegistry.Data;
using CapabilityRegistry.ServiceDefaults;
using CapabilityRegistry.Standalone.Postgres;
using CapabilityRegistry.Worker;

namespace CapabilityRegistry.Standalone;

/// <summary>API and worker in one process, over an embedded server unless another is named.</summary>
internal static class StandaloneHost
{
    public static async Task RunAsync(StandaloneOptions options, CancellationToken cancellationToken)
    {
        await using var server = options.ConnectionString is null ? await StartServerAsync(options, cancellationToken) : null;
        await using var app = Build(options, options.ConnectionString ?? server!.ConnectionString);
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<DatabaseMigrator>().RunAsync(cancellationToken);
        }

        await app.StartAsync(cancellationToken);
        if (options.Seed is { } seed)
        {
            await new Seeder(options.Port).RunAsync(seed, cancellationToken);
        }

        Banner.Print(options);
        await RunUntilStoppedAsync(app, server, cancellationToken);
    }

    private static Task<EmbeddedPostgres> StartServerAsync(StandaloneOptions options, CancellationToken cancellationToken)
    {
        Console.WriteLine($"Starting PostgreSQL in {options.DataDirectory} ...");
        return EmbeddedPostgres.StartAsync(new() { DataDirectory = options.DataDirectory, Fresh = options.Fresh }, cancellationToken: cancellationToken);
    }

    private static WebApplication Build(StandaloneOptions options, string connectionString)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration[$"ConnectionStrings:{RegistryData.ConnectionName}"] = connectionString;
        builder.WebHost.UseUrls($"http://127.0.0.1:{options.Port}");
        builder.AddServiceDefaults();
        builder.AddNpgsqlDataSource(RegistryData.ConnectionName, configureDataSourceBuilder: RegistryData.Configure);
        builder.Services.AddRegistryData();
        builder.EnrichNpgsqlDbContext<RegistryDbContext>(settings => settings.DisableRetry = true);
        builder.AddRegistryApi();
        builder.Services.AddRegistryWorker();
        var app = builder.Build();
        app.MapRegistryApi();
        return app;
    }

    /// <summary>Requests in flight are answered before the server under them is stopped.</summary>
    private static async Task RunUntilStoppedAsync(WebApplication app, EmbeddedPostgres? server, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, app.Lifetime.ApplicationStopping);
        var supervising = server?.SuperviseAsync(stopping.Token) ?? Task.CompletedTask;
        await app.WaitForShutdownAsync(cancellationToken);
        Console.WriteLine("Stopping ...");
        await stopping.CancelAsync();
        try
        {
            await supervising;
        }
        catch (OperationCanceledException)
        {
            // That is how supervision ends.
        }
    }
}
