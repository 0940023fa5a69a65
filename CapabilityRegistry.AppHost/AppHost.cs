using CapabilityRegistry.AppHost;

var builder = DistributedApplication.CreateBuilder(args);

// PostgreSQL is the only truth; Redis and Elasticsearch can be wiped at any moment and are left out where neither a container engine nor a local program is.
var stores = Engine.UsesContainers(builder) ? builder.AddContainerStores() : builder.AddLocalStores();

var migrations = builder.AddProject<Projects.CapabilityRegistry_Worker>("migrations", options => options.ExcludeLaunchProfile = true)
    .WithArgs("migrate")
    .WithReference(stores.Registry, "registry")
    .WaitFor(stores.Server);

builder.AddProject<Projects.CapabilityRegistry_Api>("api", options => options.ExcludeLaunchProfile = true)
    .WithHttpEndpoint(port: 8000)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/api/health")
    .WithUrl("/docs", "API documentation")
    .WithReference(stores.Registry, "registry")
    .WithOptionalReference(stores.Redis)
    .WithOptionalReference(stores.Elasticsearch)
    .WaitForCompletion(migrations);

builder.AddProject<Projects.CapabilityRegistry_Worker>("worker", options => options.ExcludeLaunchProfile = true)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithReference(stores.Registry, "registry")
    .WithOptionalReference(stores.Redis)
    .WithOptionalReference(stores.Elasticsearch)
    .WaitForCompletion(migrations);

await builder.Build().RunAsync();
