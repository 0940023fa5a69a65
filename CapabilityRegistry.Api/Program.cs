using CapabilityRegistry.Api;
using CapabilityRegistry.Data;
using CapabilityRegistry.ServiceDefaults;
using CapabilityRegistry.ServiceDefaults.Configuration;
using CapabilityRegistry.ServiceDefaults.Shutdown;
using CapabilityRegistry.ServiceDefaults.Telemetry;

return await HealthProbe.RunAsync(args) ?? await ConfigurationGuard.RunAsync(async () =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddServiceDefaults();
    builder.AddDeploymentDefaults();
    builder.AddDraining();
    builder.AddNpgsqlDataSource(RegistryData.ConnectionName, configureDataSourceBuilder: RegistryData.Configure);
    builder.Services.AddRegistryData();
    builder.EnrichNpgsqlDbContext<RegistryDbContext>(settings => settings.DisableRetry = true);
    if (builder.Configuration.GetConnectionString("redis") is { Length: > 0 })
    {
        builder.AddRedisClient("redis");
    }

    builder.AddRegistryApi();

    var app = builder.Build();
    app.CheckConfiguration();
    app.MapRegistryApi();
    await app.RunAsync();
    return 0;
});
