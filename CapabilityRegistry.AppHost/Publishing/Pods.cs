using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace CapabilityRegistry.AppHost.Publishing;

/// <summary>What every pod is given, in words.</summary>
internal static class Pods
{
    public static ContainerV1 Container(this KubernetesResource resource) => resource.Workload!.PodTemplate.Spec.Containers[0];

    /// <summary>Takes away what the pod does not need: root, capabilities, new privileges, the cluster's API and, but for the folders named, writing outside of volumes.</summary>
    public static KubernetesResource Confine(this KubernetesResource resource, long user, params string[] writable)
    {
        var pod = resource.Workload!.PodTemplate.Spec;
        pod.AutomountServiceAccountToken = false;
        // Kubernetes would set variables such as API_SERVICE_PORT, which are nobody's settings.
        pod.EnableServiceLinks = false;
        pod.SecurityContext = new() { RunAsNonRoot = true, RunAsUser = user, RunAsGroup = user, FsGroup = user, SeccompProfile = new() { Type = "RuntimeDefault" } };
        resource.Container().SecurityContext = new()
        {
            RunAsNonRoot = true,
            RunAsUser = user,
            AllowPrivilegeEscalation = false,
            ReadOnlyRootFilesystem = true,
            Capabilities = new() { Drop = { "ALL" } },
        };
        foreach (var folder in writable)
        {
            var name = folder.Trim('/').Replace('/', '-');
            pod.Volumes.Add(new() { Name = name, EmptyDir = new() });
            resource.Container().VolumeMounts.Add(new() { Name = name, MountPath = folder });
        }

        return resource;
    }

    public static void Limit(this KubernetesResource resource, string cpu, string memory, string cpuLimit, string memoryLimit) => resource.Container().Resources = new()
    {
        Requests = { ["cpu"] = cpu, ["memory"] = memory },
        Limits = { ["cpu"] = cpuLimit, ["memory"] = memoryLimit },
    };

    /// <summary>Turns the volume that the topology gives a store into a claim of its own.</summary>
    public static void Persist(this KubernetesResource resource, string size)
    {
        var set = (StatefulSet)resource.Workload!;
        var name = resource.Container().VolumeMounts[0].Name;
        set.Spec.ServiceName = resource.Service!.Metadata.Name;
        set.Spec.Template.Spec.Volumes.RemoveAll(volume => volume.Name == name);
        set.Spec.VolumeClaimTemplates.Add(new()
        {
            Metadata = { Name = name },
            Spec = { AccessModes = { "ReadWriteOnce" }, Resources = { Requests = { ["storage"] = size } } },
        });
    }
}

/// <summary>The questions that the kubelet asks.</summary>
internal static class Probe
{
    public static ProbeV1 Http(string path, int port, int initialDelay, int period, int timeout, int failures) => new()
    {
        HttpGet = new() { Path = path, Port = port },
        InitialDelaySeconds = initialDelay,
        PeriodSeconds = period,
        TimeoutSeconds = timeout,
        FailureThreshold = failures,
    };

    public static ProbeV1 Command(int initialDelay, int failures, params string[] command)
    {
        var action = new ExecActionV1();
        action.Command.AddRange(command);
        return new() { Exec = action, InitialDelaySeconds = initialDelay, PeriodSeconds = 10, TimeoutSeconds = 5, FailureThreshold = failures };
    }
}
