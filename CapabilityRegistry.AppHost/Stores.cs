namespace CapabilityRegistry.AppHost;

/// <summary>What keeps data, however it runs.</summary>
/// <param name="Server">The PostgreSQL server, to wait for.</param>
/// <param name="Registry">The registry's database.</param>
/// <param name="Redis">Redis, where there is one.</param>
/// <param name="Elasticsearch">Elasticsearch, where there is one.</param>
internal sealed record Stores(
    IResourceBuilder<IResource> Server,
    IResourceBuilder<IResourceWithConnectionString> Registry,
    Store? Redis,
    Store? Elasticsearch);

/// <summary>A store that can be done without: its connection string, and what to wait for.</summary>
internal sealed record Store(IResourceBuilder<IResource> Server, IResourceBuilder<IResourceWithConnectionString> Connection);

internal static class StoreReferences
{
    /// <summary>References a store and waits for it, where there is one.</summary>
    public static IResourceBuilder<ProjectResource> WithOptionalReference(this IResourceBuilder<ProjectResource> project, Store? store) =>
        store is null ? project : project.WithReference(store.Connection).WaitFor(store.Server);
}
