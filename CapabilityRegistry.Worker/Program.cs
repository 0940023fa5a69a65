using CapabilityRegistry.Data;
using CapabilityRegistry.ServiceDefaults;
using CapabilityRegistry.Worker;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.AddNpgsqlDataSource(RegistryData.ConnectionName, configureDataSourceBuilder: RegistryData.Configure);
builder.Services.AddRegistryData();
builder.EnrichNpgsqlDbContext<RegistryDbContext>(settings => settings.DisableRetry = true);

if (args is ["migrate", ..])
{
    return await WorkerHost.MigrateAsync(builder.Build());
}

builder.Services.AddRegistryWorker();
var app = builder.Build();
app.MapDefaultEndpoints();
await app.RunAsync();
return 0;
