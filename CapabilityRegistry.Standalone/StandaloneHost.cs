using System.Security.Cryptography;
using CapabilityRegistry.Api;
using CapabilityRegistry.Data;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.ServiceDefaults;
using CapabilityRegistry.ServiceDefaults.Configuration;
using CapabilityRegistry.ServiceDefaults.Telemetry;
using CapabilityRegistry.Standalone.Postgres;
using CapabilityRegistry.Worker;
using CapabilityRegistry.Worker.Search;

namespace CapabilityRegistry.Standalone;

/// <summary>API and worker in one process, over an embedded server unless another is named.</summary>
internal static class StandaloneHost
{
    public static async Task RunAsync(StandaloneOptions options, CancellationToken cancellationToken)
    {
        await using var server = options.ConnectionString is null ? await StartServerAsync(options, cancellationToken) : null;
        await using var app = Build(options, server);
        var secret = await PrepareAsync(app, options, cancellationToken);
        await app.StartAsync(cancellationToken);
        await using var token = await TokenFile.StartAsync(app, options.DataDirectory, cancellationToken);
        if (options.Seed is { } seed)
        {
            await new Seeder(options.Port, token).RunAsync(seed, cancellationToken);
        }

        Banner.Print(options, app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<BootstrapOptions>>().Value, secret, token);
        await RunUntilStoppedAsync(app, server, cancellationToken);
    }

    private static Task<EmbeddedPostgres> StartServerAsync(StandaloneOptions options, CancellationToken cancellationToken)
    {
        Console.WriteLine($"Starting PostgreSQL in {options.DataDirectory} ...");
        return EmbeddedPostgres.StartAsync(new() { DataDirectory = options.DataDirectory, Fresh = options.Fresh }, cancellationToken: cancellationToken);
    }

    /// <summary>Schema, first tenant and first administrator.</summary>
    /// <returns>The administrator's secret when one was made now.</returns>
    private static async Task<string?> PrepareAsync(WebApplication app, StandaloneOptions options, CancellationToken cancellationToken)
    {
        await app.Services.GetRequiredService<DatabaseMigrator>().RunAsync(cancellationToken);
        await using var scope = app.Services.CreateAsyncScope();
        var firstStart = scope.ServiceProvider.GetRequiredService<FirstStart>();
        var secret = await firstStart.RunAsync(makeSecret: true, cancellationToken);
        return secret is null && options.NewSecret ? await firstStart.NewSecretAsync(cancellationToken) : secret;
    }

    private static WebApplication Build(StandaloneOptions options, EmbeddedPostgres? server)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        if (server is not null)
        {
            builder.Configuration[$"ConnectionStrings:{RegistryData.ConnectionName}"] = server.ConnectionString;
            builder.Configuration[$"ConnectionStrings:{RegistryData.OwnerConnectionName}"] = server.OwnerConnectionString;
        }

        builder.WebHost.UseUrls($"http://127.0.0.1:{options.Port}");
        builder.AddServiceDefaults();
        builder.AddMetricsEndpoint(unlessSet: null);
        foreach (var (key, value) in Defaults(server))
        {
            builder.Configuration[key] ??= value;
        }

        builder.AddNpgsqlDataSource(RegistryData.ConnectionName, configureDataSourceBuilder: RegistryData.Configure);
        builder.Services.AddRegistryData();
        builder.EnrichNpgsqlDbContext<RegistryDbContext>(settings => settings.DisableRetry = true);
        builder.AddRegistryApi();
        builder.Services.AddRegistryWorker();
        builder.AddSearchIndexing();
        var app = builder.Build();
        app.CheckConfiguration();
        app.MapRegistryApi();
        return app;
    }

    /// <summary>What holds here when nothing else is configured: a signing key that is the cluster's own, so that tokens outlive a restart, and limits for one developer on his own machine.</summary>
    private static Dictionary<string, string> Defaults(EmbeddedPostgres? server) => new(StringComparer.Ordinal)
    {
        ["Auth:SigningKey"] = server?.Derive("token signing key") ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
        ["RateLimit:RequestsPerMinute"] = "60000",
        ["RateLimit:Burst"] = "1000",
    };

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
