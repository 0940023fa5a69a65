namespace CapabilityRegistry.AppHost;

/// <summary>Prometheus and Grafana, with the configuration that lies in <c>deploy/</c>.</summary>
internal static class Monitoring
{
    public const string Prometheus = "prometheus";
    public const string Grafana = "grafana";

    /// <summary>The configuration's place in the containers and, seen from the AppHost or from <c>deploy/compose</c>, on the machine.</summary>
    public static readonly IReadOnlyDictionary<string, string> PrometheusFiles = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["prometheus/prometheus.yml"] = "/etc/prometheus/prometheus.yml",
        ["prometheus/registry_rules.yml"] = "/etc/prometheus/registry_rules.yml",
    };

    /// <inheritdoc cref="PrometheusFiles"/>
    public static readonly IReadOnlyDictionary<string, string> GrafanaFiles = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["grafana/datasources"] = "/etc/grafana/provisioning/datasources",
        ["grafana/dashboards"] = "/etc/grafana/provisioning/dashboards",
    };

    public static void AddMonitoring(this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> api)
    {
        var prometheus = builder.AddContainer(Prometheus, "prom/prometheus", "v3.7.3")
            .WithImageRegistry("docker.io")
            .WithArgs("--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus")
            .WithHttpEndpoint(targetPort: 9090)
            .WithVolume("capability-registry-prometheus", "/prometheus")
            .WithFiles(PrometheusFiles)
            .WaitFor(api);
        builder.AddContainer(Grafana, "grafana/grafana", "12.3.0")
            .WithImageRegistry("docker.io")
            .WithHttpEndpoint(targetPort: 3000)
            .WithEnvironment("GF_SECURITY_ADMIN_PASSWORD", builder.AddSecret("grafana-password", "The password of Grafana's user `admin`."))
            .WithEnvironment("GF_ANALYTICS_REPORTING_ENABLED", "false")
            .WithVolume("capability-registry-grafana", "/var/lib/grafana")
            .WithFiles(GrafanaFiles)
            .WaitFor(prometheus);
    }

    /// <summary>Published, the paths are relative to what is written, not to this machine (<c>ComposeTarget</c>).</summary>
    private static IResourceBuilder<ContainerResource> WithFiles(this IResourceBuilder<ContainerResource> container, IReadOnlyDictionary<string, string> files)
    {
        if (container.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            return container;
        }

        foreach (var (file, place) in files)
        {
            container.WithBindMount(Path.Combine(container.ApplicationBuilder.AppHostDirectory, "..", "deploy", file), place, isReadOnly: true);
        }

        // The committed configuration finds the API by its names in the Compose file; here one of them is enough.
        return container.WithContainerRuntimeArgs("--add-host", "app1:host-gateway");
    }
}
