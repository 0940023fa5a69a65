using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;

namespace CapabilityRegistry.AppHost.Publishing;

/// <summary>What every service of the Compose file is given, in words.</summary>
internal static class ComposeServices
{
    /// <summary>Takes away what the service does not need: root, capabilities, new privileges and, but for the folders named, writing outside of volumes.</summary>
    public static Service Confine(this Service service, string user, params string[] writable)
    {
        service.User = user;
        service.CapDrop = ["ALL"];
        service.SecurityOpt = ["no-new-privileges:true"];
        service.Restart = "unless-stopped";
        service.ReadOnly = writable.Length > 0 ? true : null;
        service.Tmpfs = [.. writable];
        return service;
    }

    public static Service Limit(this Service service, string cpus, string memory, string reservedCpus, string reservedMemory)
    {
        service.Deploy = new()
        {
            Resources = new()
            {
                Limits = new() { Cpus = cpus, Memory = memory },
                Reservations = new() { Cpus = reservedCpus, Memory = reservedMemory },
            },
        };
        return service;
    }

    public static Service Check(this Service service, params string[] test)
    {
        service.Healthcheck = new Healthcheck { Test = [.. test], Interval = "10s", Timeout = "5s", Retries = 5, StartPeriod = "30s" };
        return service;
    }

    /// <summary>Mounts a file or folder, with its path relative to the Compose file.</summary>
    public static Service Mount(this Service service, string source, string target) =>
        service.AddVolume(new Volume { Name = target, Type = "bind", Source = source, Target = target, ReadOnly = true });

    public static Service MountAll(this Service service, IReadOnlyDictionary<string, string> files)
    {
        foreach (var (file, place) in files)
        {
            service.Mount($"../{file}", place);
        }

        return service;
    }

    /// <summary>Publishes a port to this machine only: what answers there knows no users, or one.</summary>
    public static void OnThisMachine(this Service service, string ports)
    {
        service.Expose.Clear();
        service.Ports = [$"127.0.0.1:{ports}"];
    }
}
