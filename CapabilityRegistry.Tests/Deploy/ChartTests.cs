using k8s;
using k8s.Models;

namespace CapabilityRegistry.Tests.Deploy;

/// <summary>The committed Helm chart. That the AppHost publishes it as it is there is tested where the feed carries Aspire (<c>AppHost/PublishTests.cs</c>).</summary>
public sealed class ChartTests
{
    private const string Component = "app.kubernetes.io/component";

    private static readonly IReadOnlyDictionary<string, V1PodTemplateSpec> Pods = new Dictionary<string, V1PodTemplateSpec>(StringComparer.Ordinal)
    {
        ["api"] = Chart.Find<V1Deployment>("api-deployment").Spec.Template,
        ["worker"] = Chart.Find<V1Deployment>("worker-deployment").Spec.Template,
        ["migrations"] = Chart.Find<V1Job>("migrations-job-1").Spec.Template,
        ["postgres"] = Chart.Find<V1StatefulSet>("postgres-statefulset").Spec.Template,
        ["redis"] = Chart.Find<V1StatefulSet>("redis-statefulset").Spec.Template,
    };

    private static readonly V1Container Api = Pods["api"].Spec.Containers[0];

    public static TheoryData<string> Components => [.. Pods.Keys];

    [Fact]
    public void The_namespace_refuses_pods_that_are_not_restricted()
    {
        var made = Assert.IsType<V1Namespace>(Assert.Single(KubernetesYaml.LoadAllFromString(Deployment.Read(Deployment.Kubernetes, "namespace.yaml"), strict: true)));
        Assert.Equal("apg-registry", made.Metadata.Name);
        Assert.Equal("restricted", made.Metadata.Labels["pod-security.kubernetes.io/enforce"]);
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void Every_pod_satisfies_the_restricted_standard(string component)
    {
        var pod = Pods[component].Spec;
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.InRange(pod.SecurityContext.RunAsUser!.Value, 1, long.MaxValue);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.False(pod.EnableServiceLinks);
        Assert.All(pod.Containers, container =>
        {
            Assert.True(container.SecurityContext.RunAsNonRoot);
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        });
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void Every_pod_has_requests_and_limits_and_a_place_to_write(string component)
    {
        var container = Assert.Single(Pods[component].Spec.Containers);
        Assert.Equal(["cpu", "memory"], container.Resources.Limits.Keys.Order(StringComparer.Ordinal));
        Assert.All(container.Resources.Limits, limit => Assert.InRange(container.Resources.Requests[limit.Key].ToDecimal(), 0.001m, limit.Value.ToDecimal()));
        Assert.Contains(container.VolumeMounts, mount => mount.MountPath == "/tmp");
        var claims = Chart.Objects.OfType<V1StatefulSet>().SelectMany(set => set.Spec.VolumeClaimTemplates ?? []).Select(claim => claim.Metadata.Name);
        Assert.Empty(container.VolumeMounts.Select(mount => mount.Name).Except(Pods[component].Spec.Volumes.Select(volume => volume.Name)).Except(claims));
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void Every_pod_finds_its_configuration_and_its_secrets(string component)
    {
        var sources = Assert.Single(Pods[component].Spec.Containers).EnvFrom;
        Assert.NotEmpty(sources);
        foreach (var source in sources)
        {
            _ = source.ConfigMapRef is { } map ? (object)Chart.Find<V1ConfigMap>(map.Name) : Chart.Find<V1Secret>(source.SecretRef.Name);
        }
    }

    [Fact]
    public void The_API_is_alive_and_ready_by_its_health_as_in_the_guide()
    {
        Assert.Equal((30, 10, 5, 3), Times(Api.LivenessProbe));
        Assert.Equal((5, 5, 3, 2), Times(Api.ReadinessProbe));
        Assert.All([Api.LivenessProbe, Api.ReadinessProbe], probe => Assert.Equal(("/api/health", "8000"), (probe.HttpGet.Path, probe.HttpGet.Port.ToString())));

        static (int?, int?, int?, int?) Times(V1Probe probe) => (probe.InitialDelaySeconds, probe.PeriodSeconds, probe.TimeoutSeconds, probe.FailureThreshold);
    }

    [Fact]
    public void The_API_has_the_guides_resources_and_is_replaced_without_a_gap()
    {
        Assert.Equal((1m, 2m * 1024 * 1024 * 1024), (Api.Resources.Limits["cpu"].ToDecimal(), Api.Resources.Limits["memory"].ToDecimal()));
        Assert.Equal((0.5m, 1024m * 1024 * 1024), (Api.Resources.Requests["cpu"].ToDecimal(), Api.Resources.Requests["memory"].ToDecimal()));
        var update = Chart.Find<V1Deployment>("api-deployment").Spec.Strategy.RollingUpdate;
        Assert.Equal(("0", "1"), (update.MaxUnavailable.ToString(), update.MaxSurge.ToString()));
        Assert.Equal([("http", 8000), ("metrics", 9090)], Api.Ports.Select(port => (port.Name, port.ContainerPort)));
    }

    /// <summary>Ten seconds of drain, one to close the doors, and thirty for what has begun.</summary>
    [Fact]
    public void A_process_of_the_API_has_the_time_that_it_needs_to_leave() => Assert.InRange(Pods["api"].Spec.TerminationGracePeriodSeconds!.Value, 42, 120);

    [Fact]
    public void The_configuration_is_the_guides()
    {
        var data = Chart.Find<V1ConfigMap>("api-config").Data;
        Assert.Equal(
            ("production", "INFO", "true", "true", "20", "20", "9090"),
            (data["ENVIRONMENT"], data["LOG_LEVEL"], data["ENABLE_METRICS"], data["ENABLE_TRACING"], data["DATABASE_POOL_SIZE"], data["REDIS_POOL_SIZE"], data["METRICS_PORT"]));
        Assert.DoesNotContain(Chart.Objects.OfType<V1ConfigMap>().SelectMany(map => map.Data.Keys), key => key.Contains("PASSWORD", StringComparison.OrdinalIgnoreCase) || key.Contains("Secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Secrets_come_from_the_values_and_each_is_asked_for_once()
    {
        string[] expected = [".api.signing_key", ".migrations.admin_secret", ".migrations.database_password", ".postgres.owner_password", ".redis.redis_password"];
        var templates = Directory.EnumerateFiles(Path.Combine(Deployment.Kubernetes, "templates"), "secrets.yaml", SearchOption.AllDirectories).Select(File.ReadAllText);
        var asked = templates.SelectMany(template => template.Split("{{ .Values.secrets").Skip(1).Select(rest => rest[..rest.IndexOf(' ', StringComparison.Ordinal)]));
        Assert.Equal(expected, asked.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Equal(["Auth__SigningKey", "ConnectionStrings__redis", "ConnectionStrings__registry"], Chart.Find<V1Secret>("api-secrets").StringData.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(Chart.Find<V1Secret>("worker-secrets").StringData.Values, value => value.Contains("Username=postgres", StringComparison.Ordinal));
    }

    [Fact]
    public void The_service_has_the_ports_http_and_metrics_and_finds_its_pods()
    {
        var service = Chart.Find<V1Service>("api-service");
        Assert.Equal([("http", 80, "8000"), ("metrics", 9090, "9090")], service.Spec.Ports.Select(port => (port.Name, port.Port, port.TargetPort.ToString()!)));
        Assert.All(Chart.Objects.OfType<V1Service>(), found => Assert.Contains(Pods.Values, pod => found.Spec.Selector.All(label => pod.Metadata.Labels[label.Key] == label.Value)));
    }

    [Fact]
    public void The_ingress_has_TLS_the_guides_limits_and_leads_to_the_service()
    {
        var ingress = Chart.Find<V1Ingress>("api-ingress");
        Assert.Equal("nginx", ingress.Spec.IngressClassName);
        Assert.Equal("registry-tls", Assert.Single(ingress.Spec.Tls).SecretName);
        Assert.Equal(Assert.Single(ingress.Spec.Rules).Host, Assert.Single(ingress.Spec.Tls[0].Hosts));
        var backend = Assert.Single(ingress.Spec.Rules[0].Http.Paths).Backend.Service;
        Assert.Contains(Chart.Find<V1Service>(backend.Name).Spec.Ports, port => port.Name == backend.Port.Name);
        const string prefix = "nginx.ingress.kubernetes.io/";
        Assert.Equal(("true", "true", "100", "20", "100"), (On("ssl-redirect"), On("force-ssl-redirect"), On("rate-limit"), On("rate-limit-burst"), On("limit-rpm")));
        Assert.Equal("letsencrypt-prod", ingress.Metadata.Annotations["cert-manager.io/cluster-issuer"]);

        string On(string name) => ingress.Metadata.Annotations[prefix + name];
    }

    [Fact]
    public void The_API_scales_as_in_the_guide()
    {
        var scaler = Chart.Find<V2HorizontalPodAutoscaler>("api-hpa").Spec;
        Assert.Equal(("Deployment", "api-deployment"), (scaler.ScaleTargetRef.Kind, scaler.ScaleTargetRef.Name));
        Assert.Equal((3, 10), (scaler.MinReplicas, scaler.MaxReplicas));
        Assert.Equal([("cpu", 70), ("memory", 80)], scaler.Metrics.Select(metric => (metric.Resource.Name, metric.Resource.Target.AverageUtilization!.Value)));
        Assert.Equal((300, 60), (scaler.Behavior.ScaleDown.StabilizationWindowSeconds, scaler.Behavior.ScaleUp.StabilizationWindowSeconds));
        Assert.Equal([("Percent", 10, 60)], scaler.Behavior.ScaleDown.Policies.Select(Policy));
        Assert.Equal([("Percent", 50, 60), ("Pods", 2, 60)], scaler.Behavior.ScaleUp.Policies.Select(Policy));
        Assert.Equal("Max", scaler.Behavior.ScaleUp.SelectPolicy);
        Assert.Null(Chart.Find<V1Deployment>("api-deployment").Spec.Replicas);

        static (string, int, int) Policy(V2HPAScalingPolicy policy) => (policy.Type, policy.Value, policy.PeriodSeconds);
    }

    [Fact]
    public void Emptying_nodes_leaves_two_processes_of_the_API()
    {
        var budget = Chart.Find<V1PodDisruptionBudget>("api-pdb").Spec;
        Assert.Equal("2", budget.MinAvailable.ToString());
        Assert.True(Selects(budget.Selector, Pods["api"]));
    }

    [Theory]
    [InlineData("api", "ingress-nginx:8000 monitoring:9090")]
    [InlineData("worker", "monitoring:9090")]
    [InlineData("migrations", "")]
    [InlineData("postgres", "api:5432 worker:5432 migrations:5432")]
    [InlineData("redis", "api:6379")]
    public void Only_who_has_to_can_connect(string component, string expected)
    {
        var policy = Assert.Single(Chart.Objects.OfType<V1NetworkPolicy>(), found => Selects(found.Spec.PodSelector, Pods[component]));
        Assert.Equal(["Ingress"], policy.Spec.PolicyTypes);
        Assert.Equal(expected, string.Join(' ', (policy.Spec.Ingress ?? []).SelectMany(rule => rule.FromProperty.Select(peer => $"{NameOf(peer)}:{Assert.Single(rule.Ports).Port}"))));

        static string NameOf(V1NetworkPolicyPeer peer) => peer.PodSelector?.MatchLabels[Component] ?? peer.NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"];
    }

    [Fact]
    public void PostgreSQL_keeps_its_data_and_fits_into_its_memory()
    {
        var set = Chart.Find<V1StatefulSet>("postgres-statefulset").Spec;
        Assert.Equal("100Gi", Assert.Single(set.VolumeClaimTemplates).Spec.Resources.Requests["storage"].ToString());
        Assert.Equal("postgres-service", set.ServiceName);
        var container = set.Template.Spec.Containers[0];
        Assert.Equal("/var/lib/postgresql", Assert.Single(container.VolumeMounts, mount => mount.Name == set.VolumeClaimTemplates[0].Metadata.Name).MountPath);
        Assert.Contains("max_connections=200", container.Args);
        Assert.Contains("shared_buffers=1024MB", container.Args);
        Assert.Equal(4m * 1024 * 1024 * 1024, container.Resources.Limits["memory"].ToDecimal());
        Assert.All([container.LivenessProbe, container.ReadinessProbe], probe => Assert.Equal("pg_isready", probe.Exec.Command[0]));
    }

    [Fact]
    public void Redis_is_set_as_in_the_guide_and_keeps_its_data()
    {
        var set = Chart.Find<V1StatefulSet>("redis-statefulset").Spec;
        Assert.Single(set.VolumeClaimTemplates);
        var script = set.Template.Spec.Containers[0].Args[^1];
        Assert.All(["--requirepass $REDIS_PASSWORD", "--maxmemory 2gb", "--maxmemory-policy allkeys-lru", "--save 900 1 300 10 60 10000"], part => Assert.Contains(part, script, StringComparison.Ordinal));
    }

    [Fact]
    public void Migrations_are_a_job_of_each_revision_which_ends()
    {
        var job = Chart.Find<V1Job>("migrations-job-1").Spec;
        Assert.Equal("Never", job.Template.Spec.RestartPolicy);
        Assert.Equal(["migrate"], job.Template.Spec.Containers[0].Args);
        Assert.InRange(job.BackoffLimit!.Value, 1, 100);
    }

    private static bool Selects(V1LabelSelector selector, V1PodTemplateSpec pod) => selector.MatchLabels.All(label => pod.Metadata.Labels[label.Key] == label.Value);
}
