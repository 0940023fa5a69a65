namespace CapabilityRegistry.Tests.Deploy;

/// <summary>The committed output of the publisher.</summary>
internal static class Deployment
{
    public static readonly string Compose = Path.Combine(AppContext.BaseDirectory, "deploy", "compose");
    public static readonly string Kubernetes = Path.Combine(AppContext.BaseDirectory, "deploy", "kubernetes");

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine(path));
}
