namespace CapabilityRegistry.Tests.Deploy;

/// <summary>The committed files of deployments.</summary>
internal static class Deployment
{
    public static readonly string Compose = Folder("compose");
    public static readonly string Kubernetes = Folder("kubernetes");
    public static readonly string Nginx = Folder("nginx");
    public static readonly string Prometheus = Folder("prometheus");

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine(path));

    private static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, "deploy", name);
}
