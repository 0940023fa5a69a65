using CapabilityRegistry.Api;
using CapabilityRegistry.Data;
using CapabilityRegistry.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddNpgsqlDataSource(RegistryData.ConnectionName, configureDataSourceBuilder: RegistryData.Configure);
builder.Services.AddRegistryData();
builder.EnrichNpgsqlDbContext<RegistryDbContext>(settings => settings.DisableRetry = true);
if (builder.Configuration.GetConnectionString("redis") is { Length: > 0 })
{
    builder.AddRedisClient("redis");
}

builder.AddRegistryApi();

var app = builder.Build();
app.MapRegistryApi();
await app.RunAsync();
