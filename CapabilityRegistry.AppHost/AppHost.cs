using CapabilityRegistry.AppHost;
using CapabilityRegistry.AppHost.Publishing;

var builder = DistributedApplication.CreateBuilder(args);
var settings = Settings.Read(builder);

// PostgreSQL is the only truth; Redis and Elasticsearch can be wiped at any moment and are left out where neither a container engine nor a local program is.
var stores = settings.UsesContainers ? builder.AddContainerStores(settings) : builder.AddLocalStores();

var signingKey = builder.AddSecret("signing-key", "Signs access tokens. All processes of the API have the same, so that one believes what another signed.");
var adminSecret = builder.AddSecret(
    "admin-secret",
    "The secret of the first administrator, client `admin` of tenant `default`, made when the database is new. `POST /api/auth/token` gives an access token for it, and so does the command *Get an access token* of `api`.");

// Only migrations work as the owner of the tables: row-level security does not bind that one.
var migrations = builder.AddProject<Projects.CapabilityRegistry_Worker>("migrations", options => options.ExcludeLaunchProfile = true)
    .WithArgs("migrate")
    .WithDefaults()
    .WithReference(stores.Registry)
    .WithReference(stores.Owner)
    .WithEnvironment("Bootstrap__ClientSecret", adminSecret)
    .WaitFor(stores.Server);

var api = builder.AddProject<Projects.CapabilityRegistry_Api>("api", options => options.ExcludeLaunchProfile = true)
    .WithDefaults()
    .WithReplicas(settings.Replicas)
    .WithPublicEndpoint()
    .WithMetricsEndpoint(port: 9090)
    .WithHttpHealthCheck("/api/health")
    .WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = ("/docs", "API documentation"))
    .WithAccessTokenCommand(adminSecret)
    .WithSampleDataCommand(adminSecret)
    .WithDocumentationCommand()
    .WithEnvironment("Auth__SigningKey", signingKey)
    .WithReference(stores.Registry)
    .WithOptionalReference(stores.Redis)
    .WithOptionalReference(stores.Elasticsearch)
    .WaitForCompletion(migrations);

builder.AddProject<Projects.CapabilityRegistry_Worker>("worker", options => options.ExcludeLaunchProfile = true)
    .WithDefaults()
    .WithPrivateEndpoint()
    .WithMetricsEndpoint()
    .WithHttpHealthCheck("/health")
    .WithRebuildIndexCommand(stores, migrations)
    .WithReference(stores.Registry)
    .WithOptionalReference(stores.Elasticsearch)
    .WaitForCompletion(migrations);

if (settings.Monitoring)
{
    builder.AddMonitoring(api);
}

builder.AddTarget(settings.Target);

await builder.Build().RunAsync();
