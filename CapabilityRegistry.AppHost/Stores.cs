namespace CapabilityRegistry.AppHost;

/// <summary>What keeps data, however it runs.</summary>
/// <param name="Server">The PostgreSQL server, to wait for.</param>
/// <param name="Registry">The registry's database, as the login that the system works under: it owns nothing.</param>
/// <param name="Owner">The same database as the owner of the tables, for migrations only.</param>
/// <param name="Redis">Redis, where there is one.</param>
/// <param name="Elasticsearch">Elasticsearch, where there is one.</param>
internal sealed record Stores(
    IResourceBuilder<IResource> Server,
    IResourceBuilder<IResourceWithConnectionString> Registry,
    IResourceBuilder<IResourceWithConnectionString> Owner,
    Store? Redis,
    Store? Elasticsearch)
{
    /// <summary>The names by which the processes ask for the two connections (<c>RegistryData</c>).</summary>
    public const string RegistryName = "registry";
    public const string OwnerName = "registry-owner";

    /// <summary>The passwords of the two logins, under the same names however PostgreSQL runs.</summary>
    public static IResourceBuilder<ParameterResource> AddDatabasePassword(IDistributedApplicationBuilder builder) =>
        builder.AddSecret("database-password", "The password of the login under which the system works. It owns no table and sees one tenant at a time.");

    public static IResourceBuilder<ParameterResource> AddOwnerPassword(IDistributedApplicationBuilder builder) =>
        builder.AddSecret("owner-password", "The password of the tables' owner, whom row-level security does not bind. Only migrations get it.");
}

/// <summary>A store that can be done without: its connection string, and what to wait for.</summary>
internal sealed record Store(IResourceBuilder<IResource> Server, IResourceBuilder<IResourceWithConnectionString> Connection);

internal static class StoreReferences
{
    /// <summary>References a store and waits for it, where there is one.</summary>
    public static IResourceBuilder<ProjectResource> WithOptionalReference(this IResourceBuilder<ProjectResource> project, Store? store) =>
        store is null ? project : project.WithReference(store.Connection).WaitFor(store.Server);
}
