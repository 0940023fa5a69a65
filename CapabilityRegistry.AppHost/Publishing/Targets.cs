namespace CapabilityRegistry.AppHost.Publishing;

/// <summary>Where the registry is published to.</summary>
internal static class Targets
{
    public static void AddTarget(this IDistributedApplicationBuilder builder, Target target)
    {
        switch (target)
        {
            case Target.Compose:
                builder.AddCompose();
                break;
            case Target.Kubernetes:
                builder.AddKubernetes();
                break;
            default:
                break;
        }
    }

    /// <summary>A resource of the topology, to say of it what only the target knows.</summary>
    public static IResourceBuilder<T> Find<T>(this IDistributedApplicationBuilder builder, string name)
        where T : IComputeResource =>
        builder.CreateResourceBuilder(builder.Resources.OfType<T>().Single(resource => resource.Name == name));
}
