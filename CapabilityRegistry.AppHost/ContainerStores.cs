namespace CapabilityRegistry.AppHost;

/// <summary>The stores as containers, with volumes so that data outlives them.</summary>
internal static class ContainerStores
{
    private const string ElasticsearchImage = "library/elasticsearch";
    private const string ElasticsearchTag = "9.2.0";

    public static Stores AddContainerStores(this IDistributedApplicationBuilder builder)
    {
        var postgres = builder.AddPostgres("postgres", password: builder.AddParameter("postgres-password", NewPassword(), secret: true, persist: true))
            .WithDataVolume("capability-registry-postgres");
        var registry = postgres.AddDatabase("registry");
        var redis = builder.AddRedis("redis", password: builder.AddParameter("redis-password", NewPassword(), secret: true, persist: true))
            .WithDataVolume("capability-registry-redis")
            .WithPersistence(TimeSpan.FromMinutes(15), keysChangedThreshold: 1);
        return new(postgres, registry, new(redis, redis), builder.AddElasticsearch());
    }

    /// <summary>A plain container: the engine is optional, and its integration left Aspire's own repository. The connection string has the shape that one gives it.</summary>
    private static Store AddElasticsearch(this IDistributedApplicationBuilder builder)
    {
        var password = builder.AddParameter("elasticsearch-password", NewPassword(), secret: true, persist: true);
        var container = builder.AddContainer("elasticsearch-server", ElasticsearchImage, ElasticsearchTag)
            .WithImageRegistry("docker.io")
            .WithHttpEndpoint(targetPort: 9200, name: "http")
            .WithEnvironment("discovery.type", "single-node")
            .WithEnvironment("xpack.security.enabled", "true")
            .WithEnvironment("ELASTIC_PASSWORD", password)
            .WithEnvironment("ES_JAVA_OPTS", "-Xms512m -Xmx512m")
            .WithVolume("capability-registry-elasticsearch", "/usr/share/elasticsearch/data");
        var endpoint = container.GetEndpoint("http");
        var connection = builder.AddConnectionString(
            "elasticsearch", ReferenceExpression.Create($"http://elastic:{password}@{endpoint.Property(EndpointProperty.HostAndPort)}"));
        return new(container, connection);
    }

    private static GenerateParameterDefault NewPassword() => new() { MinLength = 22, Special = false };
}
