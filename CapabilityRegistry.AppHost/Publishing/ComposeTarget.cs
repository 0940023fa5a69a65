using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;

namespace CapabilityRegistry.AppHost.Publishing;

/// <summary>The Compose file: the deployment guide's services, each confined, limited and checked (<c>deploy/compose</c>).</summary>
internal static class ComposeTarget
{
    private const string Elasticsearch = "elasticsearch-server";
    private const string Environment = "ENVIRONMENT";

    /// <summary>The API's processes by the guide's names, under which NGINX and Prometheus look for them. Each is a service of its own: Compose replaces all processes of one service at once, so that
    /// nobody would be left to answer.</summary>
    private static readonly string[] Apps = ["app1", "app2", "app3"];

    /// <summary>What one service is given beyond the topology.</summary>
    private static readonly Dictionary<string, Action<Service>> Services = new(StringComparer.Ordinal)
    {
        ["api"] = service => service
            .Confine(Images.OurUser, "/tmp")
            .Limit(cpus: "2.0", memory: "4G", reservedCpus: "1.0", reservedMemory: "2G")
            .Check("CMD", "dotnet", "/app/CapabilityRegistry.Api.dll", "check-health", $"http://127.0.0.1:{Processes.ApiPort}/api/health")
            .StopGracePeriod = $"{Processes.ApiStopSeconds}s",
        ["worker"] = service => service
            .Confine(Images.OurUser, "/tmp")
            .Limit(cpus: "1.0", memory: "1G", reservedCpus: "0.25", reservedMemory: "256M")
            .Check("CMD", "dotnet", "/app/CapabilityRegistry.Worker.dll", "check-health", $"http://127.0.0.1:{Processes.WorkerPort}/health"),
        ["migrations"] = service => service
            .Confine(Images.OurUser, "/tmp")
            .Limit(cpus: "1.0", memory: "512M", reservedCpus: "0.1", reservedMemory: "128M")
            .Restart = "on-failure",
        ["postgres"] = service => service
            .Confine(Images.StoreUser, "/tmp", "/var/run/postgresql")
            .Limit(cpus: "4.0", memory: "8G", reservedCpus: "2.0", reservedMemory: "4G")
            .Check("CMD-SHELL", "pg_isready -U postgres -d registry")
            .ShmSize = "256m",
        ["redis"] = service => service
            .Confine(Images.StoreUser, "/tmp")
            // More than in the guide: 2 GB are the data alone.
            .Limit(cpus: "1.0", memory: "3G", reservedCpus: "0.5", reservedMemory: "1G")
            .Check("CMD-SHELL", "REDISCLI_AUTH=$$REDIS_PASSWORD redis-cli ping | grep -q PONG"),
        [Elasticsearch] = service => service
            // Writes its keystore beside its configuration, so its files cannot be read-only.
            .Confine(Images.ElasticsearchUser)
            .Limit(cpus: "2.0", memory: "2G", reservedCpus: "0.5", reservedMemory: "1G")
            .Check("CMD-SHELL", "curl -fsS -u elastic:$$ELASTIC_PASSWORD http://127.0.0.1:9200/_cluster/health")
            .Profiles.Add("elasticsearch"),
        ["nginx"] = service => service
            // Memory that is mounted over a folder belongs to root and has the folder's mode, 755, unless an owner is named.
            .Confine(Images.NginxUser, "/tmp", "/run:uid=101,gid=101", "/var/cache/nginx:uid=101,gid=101")
            .Limit(cpus: "1.0", memory: "256M", reservedCpus: "0.1", reservedMemory: "64M")
            .Check("CMD", "nc", "-z", "127.0.0.1", "80")
            .Mount("../nginx/nginx.conf", "/etc/nginx/nginx.conf")
            .Mount("../nginx/servers.compose.conf", "/etc/nginx/servers.conf")
            .Mount("./ssl", "/etc/nginx/ssl")
            // Ports 80 and 443 without root, whatever the engine's own setting is.
            .Sysctls.Add("net.ipv4.ip_unprivileged_port_start", "0"),
        [Monitoring.Prometheus] = service => service
            .Confine(Images.PrometheusUser, "/tmp")
            .Limit(cpus: "1.0", memory: "1G", reservedCpus: "0.1", reservedMemory: "256M")
            .Check("CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:9090/-/healthy")
            .MountAll(Monitoring.PrometheusFiles)
            .OnThisMachine("9090:9090"),
        [Monitoring.Grafana] = service => service
            .Confine(Images.GrafanaUser, "/tmp")
            .Limit(cpus: "0.5", memory: "512M", reservedCpus: "0.1", reservedMemory: "128M")
            .Check("CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/api/health")
            .MountAll(Monitoring.GrafanaFiles)
            .OnThisMachine("3000:3000"),
    };

    public static void AddCompose(this IDistributedApplicationBuilder builder)
    {
        builder.AddDockerComposeEnvironment("compose")
            .WithProperties(environment => environment.DefaultNetworkName = "registry")
            .WithDashboard(enabled: false)
            .ConfigureComposeFile(Finish)
            .ConfigureEnvFile(variables => variables[Environment] = new() { Name = Environment, Description = "production, which it is without a value, or staging" });
        builder.AddContainer("nginx", "library/nginx", "1.29-alpine")
            .WithImageRegistry("docker.io")
            .WithHttpEndpoint(port: 80, targetPort: 80, name: "http")
            .WithHttpsEndpoint(port: 443, targetPort: 443, name: "https")
            .WithExternalHttpEndpoints()
            .WaitFor(builder.Find<ProjectResource>("api"));
        foreach (var (name, configure) in Services)
        {
            if (builder.Resources.Any(resource => resource.Name == name))
            {
                builder.Find<IComputeResource>(name).PublishAsDockerComposeService((_, service) => configure(service));
            }
        }
    }

    private static void Finish(ComposeFile file)
    {
        file.Name = "capability-registry";
        MakeElasticsearchOptional(file);
        Split(file, "api", Apps);
        LetEnvironmentBeSet(file);
        foreach (var dependency in file.Services.Values.SelectMany(service => service.DependsOn))
        {
            // The publisher waits for starts: it does not know of the checks.
            if (dependency.Value.Condition is "service_started" && file.Services[dependency.Key].Healthcheck is not null)
            {
                dependency.Value.Condition = "service_healthy";
            }
        }
    }

    /// <summary>Only the profile starts it, so nothing waits for it, and it is asked where its password is set.</summary>
    private static void MakeElasticsearchOptional(ComposeFile file)
    {
        const string variable = "ConnectionStrings__elasticsearch";
        foreach (var service in file.Services.Values)
        {
            service.DependsOn.Remove(Elasticsearch);
            if (service.Environment.TryGetValue(variable, out var connection))
            {
                service.Environment[variable] = $"${{ELASTICSEARCH_PASSWORD:+{connection}}}";
            }
        }
    }

    private static void LetEnvironmentBeSet(ComposeFile file)
    {
        foreach (var service in file.Services.Values.Where(service => service.Environment.ContainsKey(Environment)))
        {
            service.Environment[Environment] = $"${{{Environment}:-production}}";
        }
    }

    /// <summary>Makes several services of one, which the file writes down once. Only NGINX is reached from outside.</summary>
    private static void Split(ComposeFile file, string name, string[] parts)
    {
        var whole = file.Services[name];
        whole.Ports.Clear();
        whole.Expose = [$"{Processes.ApiPort}", $"{Processes.MetricsPort}"];
        file.Services = InPlaceOf(file.Services, name, parts);
        foreach (var service in file.Services.Values.Distinct())
        {
            service.DependsOn = InPlaceOf(service.DependsOn, name, parts);
        }
    }

    private static Dictionary<string, T> InPlaceOf<T>(Dictionary<string, T> entries, string name, string[] parts) =>
        entries.SelectMany(entry => (entry.Key == name ? parts : [entry.Key]).Select(key => KeyValuePair.Create(key, entry.Value))).ToDictionary(StringComparer.Ordinal);
}
