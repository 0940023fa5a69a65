namespace CapabilityRegistry.AppHost;

/// <summary>The stores as containers, with volumes so that data outlives them.</summary>
internal static class ContainerStores
{
    private const string Database = "registry";

    /// <summary>What the guide recommends a server to have, and what a pod or a developer's machine spares for it; in gigabytes.</summary>
    private const int ServerMemory = 16;

    /// <inheritdoc cref="ServerMemory"/>
    private const int SmallMemory = 4;
    private const string ElasticsearchImage = "library/elasticsearch";
    private const string ElasticsearchTag = "9.2.0";

    public static Stores AddContainerStores(this IDistributedApplicationBuilder builder, Settings settings)
    {
        var postgres = builder.AddPostgres("postgres", password: Stores.AddOwnerPassword(builder))
            // Where this is published to, nobody but the image makes the database.
            .WithEnvironment("POSTGRES_DB", Database)
            .WithArgs(PostgresTuning.Arguments(settings.Target is Target.Compose ? ServerMemory : SmallMemory))
            .WithDataVolume("capability-registry-postgres");
        var owner = postgres.AddDatabase(Stores.OwnerName, Database);

        // The migrations make this login, with the password that they find here.
        var server = postgres.Resource.PrimaryEndpoint;
        var registry = builder.AddConnectionString(
            Stores.RegistryName,
            ReferenceExpression.Create(
                $"Host={server.Property(EndpointProperty.Host)};Port={server.Property(EndpointProperty.Port)};Username=registry_user;Password={Stores.AddDatabasePassword(builder)};Database={Database}"));
        var redis = builder.AddRedis("redis", password: builder.AddSecret("redis-password", "The password of Redis."))
            // Not WithDataVolume, which adds a rule of its own for when to save.
            .WithVolume("capability-registry-redis", "/data")
            .WithTuning();
        return new(postgres, registry, owner, new(redis, redis), settings.Elasticsearch ? builder.AddElasticsearch() : null);
    }

    /// <summary>A plain container: the engine is optional, and its integration left Aspire's own repository. The connection string has the shape that one gives it.</summary>
    private static Store AddElasticsearch(this IDistributedApplicationBuilder builder)
    {
        var password = builder.AddSecret("elasticsearch-password", "The password of the user `elastic`.");
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
}
