using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace CapabilityRegistry.AppHost.Publishing;

/// <summary>The Helm chart (<c>deploy/kubernetes</c>). Its pods satisfy the restricted pod security standard.</summary>
internal static class KubernetesTarget
{
    private const string Api = "api";
    private const string Worker = "worker";
    private const string Migrations = "migrations";

    public static void AddKubernetes(this IDistributedApplicationBuilder builder)
    {
        builder.AddKubernetesEnvironment("kubernetes")
            .WithDashboard(enabled: false)
            .WithHelm(chart => chart
                .WithChartName("capability-registry")
                .WithChartVersion(typeof(KubernetesTarget).Assembly.GetName().Version!.ToString(3))
                .WithChartDescription("The Capability Registry with PostgreSQL and Redis.")
                .WithReleaseName("capability-registry")
                .WithNamespace("apg-registry"));
        builder.Find<ProjectResource>(Api).PublishAsKubernetesService(ShapeApi);
        builder.Find<ProjectResource>(Worker).PublishAsKubernetesService(ShapeWorker);
        builder.Find<ProjectResource>(Migrations).WithDatabasePasswordInValues().PublishAsKubernetesService(ShapeMigrations);
        builder.Find<IComputeResource>("postgres").PublishAsKubernetesService(ShapePostgres);
        builder.Find<IComputeResource>("redis").PublishAsKubernetesService(ShapeRedis);
    }

    private static void ShapeApi(KubernetesResource api)
    {
        var deployment = (Deployment)api.Workload!;
        // The autoscaler's: an upgrade would set it back.
        deployment.Spec.Replicas = null;
        deployment.Spec.Strategy.RollingUpdate = new() { MaxSurge = 1, MaxUnavailable = 0 };
        deployment.Spec.Template.Spec.TerminationGracePeriodSeconds = Processes.ApiStopSeconds;
        api.Confine(Images.OurUserId, "/tmp").Limit(cpu: "500m", memory: "1Gi", cpuLimit: "1000m", memoryLimit: "2Gi");
        api.Container().LivenessProbe = Probe.Http("/api/health", Processes.ApiPort, initialDelay: 30, period: 10, timeout: 5, failures: 3);
        api.Container().ReadinessProbe = Probe.Http("/api/health", Processes.ApiPort, initialDelay: 5, period: 5, timeout: 3, failures: 2);
        api.ShareSecrets(Api);
        api.AdditionalResources.Add(KubernetesIngress.To(api.Service!.Metadata.Name));
        api.AdditionalResources.Add(Scaling.OfApi(deployment.Metadata.Name));
        api.AdditionalResources.Add(Scaling.Disruption(Api));
        api.AdditionalResources.Add(Network.Rules(
            Api, Network.From(Network.OfNamespace("ingress-nginx"), Processes.ApiPort), Network.From(Network.OfNamespace("monitoring"), Processes.MetricsPort)));
    }

    private static void ShapeWorker(KubernetesResource worker)
    {
        worker.Confine(Images.OurUserId, "/tmp").Limit(cpu: "250m", memory: "256Mi", cpuLimit: "1000m", memoryLimit: "1Gi");
        worker.Container().LivenessProbe = Probe.Http("/alive", Processes.WorkerPort, initialDelay: 30, period: 10, timeout: 5, failures: 3);
        worker.Container().ReadinessProbe = Probe.Http("/health", Processes.WorkerPort, initialDelay: 5, period: 5, timeout: 3, failures: 2);
        worker.ShareSecrets(Worker);
        worker.AdditionalResources.Add(Network.Rules(Worker, Network.From(Network.OfNamespace("monitoring"), Processes.MetricsPort)));
    }

    private static void ShapeMigrations(KubernetesResource migrations)
    {
        migrations.Confine(Images.OurUserId, "/tmp").Limit(cpu: "100m", memory: "128Mi", cpuLimit: "1000m", memoryLimit: "512Mi");
        migrations.Workload = new MigrationJob(migrations.Workload!.PodTemplate) { Metadata = { Name = "migrations-job", Labels = migrations.Workload.Metadata.Labels } };
        migrations.ShareSecrets(Migrations);
        migrations.AdditionalResources.Add(Network.Rules(Migrations));
    }

    private static void ShapePostgres(KubernetesResource postgres)
    {
        postgres.Confine(Images.StoreUserId, "/tmp", "/var/run/postgresql").Limit(cpu: "1000m", memory: "2Gi", cpuLimit: "2000m", memoryLimit: "4Gi");
        postgres.Persist("100Gi");
        postgres.Container().LivenessProbe = Probe.Command(initialDelay: 30, failures: 6, "pg_isready", "-U", "postgres", "-d", "registry");
        postgres.Container().ReadinessProbe = Probe.Command(initialDelay: 5, failures: 3, "pg_isready", "-U", "postgres", "-d", "registry");
        postgres.AdditionalResources.Add(Network.Rules("postgres", Network.From(Network.OfPods(Api, Worker, Migrations), 5432)));
    }

    private static void ShapeRedis(KubernetesResource redis)
    {
        const string ping = "REDISCLI_AUTH=$REDIS_PASSWORD redis-cli ping | grep -q PONG";
        redis.Confine(Images.StoreUserId, "/tmp").Limit(cpu: "500m", memory: "1Gi", cpuLimit: "1000m", memoryLimit: "3Gi");
        redis.Persist("10Gi");
        redis.Container().LivenessProbe = Probe.Command(initialDelay: 10, failures: 6, "sh", "-c", ping);
        redis.Container().ReadinessProbe = Probe.Command(initialDelay: 5, failures: 3, "sh", "-c", ping);
        redis.AdditionalResources.Add(Network.Rules("redis", Network.From(Network.OfPods(Api), 6379)));
    }
}
