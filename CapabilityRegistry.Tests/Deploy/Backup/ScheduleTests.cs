using k8s;
using k8s.Models;

namespace CapabilityRegistry.Tests.Deploy.Backup;

/// <summary>The committed schedules: what cron and Kubernetes are told to run is run as it stands there.</summary>
public sealed class ScheduleTests(BackupServer server) : IClassFixture<BackupServer>
{
    private static readonly IReadOnlyList<object> Manifests = KubernetesYaml.LoadAllFromString(Deployment.Read(Tool.Deploy, "cron", "kubernetes.yaml"), strict: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_line_of_the_crontab_makes_its_backup_and_says_nothing()
    {
        var folder = server.NewFolder();
        var settings = Path.Combine(folder, "backup.env");
        await File.WriteAllLinesAsync(settings, [.. server.Environment.Select(setting => $"{setting.Key}={setting.Value}"), "DB_NAME=registry", $"BACKUP_DIR={folder}/backups"], Cancellation);
        var lines = (await File.ReadAllLinesAsync(Path.Combine(Tool.Deploy, "cron", "registry-backup"), Cancellation)).Where(line => line.Length > 0 && char.IsDigit(line[0])).Select(line => line.Split(' ', 7)).ToArray();
        Assert.Equal([("0 2 * * *", "registry-backup"), ("0 3 * * 0", "registry-backup")], lines.Select(line => (string.Join(' ', line[..5]), line[5])));
        foreach (var line in lines)
        {
            var command = line[6].Replace("/etc/capability-registry/backup.env", settings, StringComparison.Ordinal).Replace("/opt/capability-registry/deploy/backup", $"bash {Tool.Deploy}/backup", StringComparison.Ordinal);
            var result = await Tool.RunAsync(Tool.Require("bash"), "-c", command);
            Assert.Equal((0, ""), (result.ExitCode, result.Output));
        }

        Assert.Equal(["daily", "weekly"], Directory.EnumerateFiles($"{folder}/backups", "*.dump").Select(file => Path.GetFileNameWithoutExtension(file).Split('_')[^1]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_cron_job_of_Kubernetes_finds_what_the_chart_makes_and_satisfies_the_restricted_standard()
    {
        var pod = Assert.Single(Manifests.OfType<V1CronJob>()).Spec.JobTemplate.Spec.Template;
        var container = Assert.Single(pod.Spec.Containers);
        Assert.Equal(Chart.Find<V1StatefulSet>("postgres-statefulset").Spec.Template.Spec.Containers[0].Image, container.Image);
        var secret = container.Env.Single(variable => variable.Name == "PGPASSWORD").ValueFrom.SecretKeyRef;
        Assert.Contains(secret.Key, Chart.Find<V1Secret>(secret.Name).StringData.Keys);
        Assert.Equal(Chart.Find<V1Service>("postgres-service").Metadata.Name, container.Env.Single(variable => variable.Name == "PGHOST").Value);
        Assert.Equal("/scripts/backup", container.Command[0]);
        Assert.True(pod.Spec.SecurityContext.RunAsNonRoot);
        Assert.Equal("RuntimeDefault", pod.Spec.SecurityContext.SeccompProfile.Type);
        Assert.Equal((false, true), (container.SecurityContext.AllowPrivilegeEscalation, container.SecurityContext.ReadOnlyRootFilesystem));
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.Empty(container.VolumeMounts.Select(mount => mount.Name).Except(pod.Spec.Volumes.Select(volume => volume.Name)));
        Assert.Equal(Assert.Single(Manifests.OfType<V1PersistentVolumeClaim>()).Metadata.Name, pod.Spec.Volumes.Single(volume => volume.Name == "backups").PersistentVolumeClaim.ClaimName);
    }

    [Fact]
    public void The_network_lets_the_cron_job_to_PostgreSQL()
    {
        var policy = Assert.Single(Manifests.OfType<V1NetworkPolicy>()).Spec;
        var (from, to) = (Assert.Single(Assert.Single(policy.Ingress).FromProperty).PodSelector.MatchLabels, policy.PodSelector.MatchLabels);
        var labels = Assert.Single(Manifests.OfType<V1CronJob>()).Spec.JobTemplate.Spec.Template.Metadata.Labels;
        Assert.All(from, wanted => Assert.Equal(wanted.Value, labels[wanted.Key]));
        var database = Chart.Find<V1StatefulSet>("postgres-statefulset").Spec.Template.Metadata.Labels;
        Assert.All(to, wanted => Assert.Equal(wanted.Value, database[wanted.Key]));
    }
}
