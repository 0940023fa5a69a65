using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CapabilityRegistry.AppHost;

/// <summary>The stores as programs of this machine: PostgreSQL through the standalone host, which finds the server, drops root and keeps the data; Redis and Elasticsearch
/// when they are installed.</summary>
internal static class LocalStores
{
    public static Stores AddLocalStores(this IDistributedApplicationBuilder builder)
    {
        var (databasePassword, ownerPassword) = (Stores.AddDatabasePassword(builder), Stores.AddOwnerPassword(builder));

        // Not as arguments: every user of the machine could read those.
        var postgres = builder.AddProject<Projects.CapabilityRegistry_Standalone>("postgres", options => options.ExcludeLaunchProfile = true)
            .WithEndpoint(name: "tcp", scheme: "tcp", isProxied: false, port: FreePort())
            .WithEnvironment("REGISTRY_DATABASE_PASSWORD", databasePassword)
            .WithEnvironment("REGISTRY_OWNER_PASSWORD", ownerPassword);
        var endpoint = postgres.GetEndpoint("tcp");
        postgres.WithArgs("postgres", "--port", endpoint.Property(EndpointProperty.TargetPort), "--data", Path.Combine(DataFolder(builder), "apphost"))
            .WithHealthCheck(builder.AddPortCheck("postgres-port", endpoint));
        var registry = builder.AddConnectionString(Stores.RegistryName, ConnectionTo(endpoint, "registry", databasePassword));
        var owner = builder.AddConnectionString(Stores.OwnerName, ConnectionTo(endpoint, "registry_owner", ownerPassword));
        return new(postgres, registry, owner, builder.AddRedisProgram(), builder.AddElasticsearchProgram());
    }

    private static ReferenceExpression ConnectionTo(EndpointReference endpoint, string user, IResourceBuilder<ParameterResource> password) =>
        ReferenceExpression.Create($"Host=127.0.0.1;Port={endpoint.Property(EndpointProperty.Port)};Username={user};Password={password};Database=registry");

    private static Store? AddRedisProgram(this IDistributedApplicationBuilder builder)
    {
        if (!IsInstalled("redis-server"))
        {
            Console.WriteLine("No container engine and no redis-server: going on without Redis (rate limits and fan-out stay local to each process).");
            return null;
        }

        var redis = builder.AddExecutable("redis-server", "redis-server", Path.GetTempPath(), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1")
            .WithEndpoint(name: "tcp", scheme: "tcp", isProxied: false, port: FreePort());
        var endpoint = redis.GetEndpoint("tcp");
        redis.WithArgs("--port", endpoint.Property(EndpointProperty.TargetPort)).WithHealthCheck(builder.AddPortCheck("redis-port", endpoint));
        return new(redis, builder.AddConnectionString("redis", ReferenceExpression.Create($"127.0.0.1:{endpoint.Property(EndpointProperty.Port)}")));
    }

    private static Store? AddElasticsearchProgram(this IDistributedApplicationBuilder builder)
    {
        if (!IsInstalled("elasticsearch"))
        {
            Console.WriteLine("No container engine and no elasticsearch: going on without it (PostgreSQL answers searches).");
            return null;
        }

        var port = FreePort();
        var elasticsearch = builder.AddExecutable(
                "elasticsearch-server", "elasticsearch", Path.GetTempPath(), "-E", "discovery.type=single-node", "-E", "xpack.security.enabled=false", "-E", string.Create(CultureInfo.InvariantCulture, $"http.port={port}"))
            .WithHttpEndpoint(port: port, name: "http", isProxied: false)
            .WithHttpHealthCheck("/");
        return new(elasticsearch, builder.AddConnectionString("elasticsearch", ReferenceExpression.Create($"http://127.0.0.1:{elasticsearch.GetEndpoint("http").Property(EndpointProperty.Port)}")));
    }

    private static string AddPortCheck(this IDistributedApplicationBuilder builder, string name, EndpointReference endpoint)
    {
        builder.Services.AddHealthChecks().AddAsyncCheck(name, async cancellationToken =>
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync("127.0.0.1", endpoint.Port, cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (SocketException exception)
            {
                return HealthCheckResult.Unhealthy("Nothing listens yet.", exception);
            }
        });
        return name;
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>The folder of <c>--data</c>, or the one that <c>run.sh</c> uses as well.</summary>
    private static string DataFolder(IDistributedApplicationBuilder builder) => builder.Configuration["data"] is { Length: > 0 } chosen
        ? Path.GetFullPath(chosen)
        : Environment.IsPrivilegedProcess ? "/var/lib/capability-registry" : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "capability-registry");

    /// <summary>A port that nothing listens on: the server must know its own before it starts.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
