namespace CapabilityRegistry.AppHost;

/// <summary>What our own processes get: their surroundings and their ports.</summary>
internal static class Processes
{
    /// <summary>The ports inside of images; <c>ContainerPort</c> in the projects says the same.</summary>
    public const int ApiPort = 8000;

    /// <inheritdoc cref="ApiPort"/>
    public const int WorkerPort = 8080;

    /// <inheritdoc cref="ApiPort"/>
    public const int MetricsPort = 9090;

    /// <summary>How long a process of the API may take to leave: ten seconds in which it is not ready and serves, one to close its doors, thirty for what has begun, and some to spare.</summary>
    public const int ApiStopSeconds = 60;

    /// <summary>The time for one export of telemetry, in milliseconds: plenty for a dashboard on the same machine.</summary>
    private const string ExportTimeout = "2000";

    public static IResourceBuilder<ProjectResource> WithDefaults(this IResourceBuilder<ProjectResource> project) =>
        // Connection strings, and not their parts in ten further variables, of which half are secrets.
        project.WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ConnectionString).WithSurroundings();

    /// <summary>The way in from outside: port 8000 here; where it is published, port 80 of the service leads there, and the proxy in front of it is believed when it says who asks. Nobody else reaches
    /// the API there (<c>expose</c>, the network policy), and the proxy has an address of one of these networks, which engines and clusters make by themselves.</summary>
    public static IResourceBuilder<ProjectResource> WithPublicEndpoint(this IResourceBuilder<ProjectResource> project) => (project.IsPublished()
        ? project.WithHttpEndpoint(port: 80, targetPort: ApiPort)
            .WithEnvironment("Proxies__Networks__0", "10.0.0.0/8")
            .WithEnvironment("Proxies__Networks__1", "172.16.0.0/12")
            .WithEnvironment("Proxies__Networks__2", "192.168.0.0/16")
        : project.WithHttpEndpoint(port: ApiPort)).WithEndpoint("http", endpoint => endpoint.IsExternal = true);

    public static IResourceBuilder<ProjectResource> WithPrivateEndpoint(this IResourceBuilder<ProjectResource> project) =>
        project.WithHttpEndpoint(targetPort: project.IsPublished() ? WorkerPort : null);

    /// <summary>Where <c>/metrics</c> answers. Two processes of one machine, or two replicas, have ports of their own.</summary>
    public static IResourceBuilder<ProjectResource> WithMetricsEndpoint(this IResourceBuilder<ProjectResource> project, int? port = null) => project.IsPublished()
        ? project.WithHttpEndpoint(port: MetricsPort, targetPort: MetricsPort, name: "metrics", env: "METRICS_PORT")
        : project.WithHttpEndpoint(port: port, name: "metrics", env: "METRICS_PORT");

    private static bool IsPublished(this IResourceBuilder<ProjectResource> project) => project.ApplicationBuilder.ExecutionContext.IsPublishMode;

    private static IResourceBuilder<ProjectResource> WithSurroundings(this IResourceBuilder<ProjectResource> project) => project.IsPublished()
        ? project
            .WithEnvironment("ENVIRONMENT", "production")
            .WithEnvironment("LOG_LEVEL", "INFO")
            .WithEnvironment("ENABLE_METRICS", "true")
            .WithEnvironment("ENABLE_TRACING", "true")
            .WithEnvironment("DATABASE_POOL_SIZE", "20")
            .WithEnvironment("REDIS_POOL_SIZE", "20")
        : project
            // Processes do not inherit the AppHost's environment, and without a launch profile they would take themselves for production.
            .WithEnvironment("DOTNET_ENVIRONMENT", project.ApplicationBuilder.Environment.EnvironmentName)

            // Aspire switches the exporters' retries on, and the dashboard ends together with the AppHost: a process that stops would try for 15 s to tell it.
            .WithEnvironment("OTEL_EXPORTER_OTLP_TIMEOUT", ExportTimeout);
}
