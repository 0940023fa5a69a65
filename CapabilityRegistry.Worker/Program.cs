using CapabilityRegistry.Data;
using CapabilityRegistry.ServiceDefaults;
using CapabilityRegistry.ServiceDefaults.Configuration;
using CapabilityRegistry.ServiceDefaults.Telemetry;
using CapabilityRegistry.Worker;
using CapabilityRegistry.Worker.Search;

return await HealthProbe.RunAsync(args) ?? await ConfigurationGuard.RunAsync(async () =>
{
    var builder = WebApplication.CreateSlimBuilder(args);
    builder.AddServiceDefaults();
    builder.AddDeploymentDefaults();
    builder.AddNpgsqlDataSource(RegistryData.ConnectionName, configureDataSourceBuilder: RegistryData.Configure);
    builder.Services.AddRegistryData();
    builder.EnrichNpgsqlDbContext<RegistryDbContext>(settings => settings.DisableRetry = true);

    if (args is ["migrate", ..])
    {
        return await WorkerHost.MigrateAsync(builder.Build());
    }

    if (args is ["reindex", ..])
    {
        builder.AddRebuild();
        return await Reindex.RunAsync(builder.Build());
    }

    builder.Services.AddRegistryWorker();
    builder.AddSearchIndexing();
    var app = builder.Build();
    app.CheckConfiguration();
    app.MapDefaultEndpoints();
    await app.RunAsync();
    return 0;
});
