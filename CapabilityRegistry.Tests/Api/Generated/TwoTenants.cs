using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>An API with two tenants that have something of everything: one that has secrets, and one that is after them.</summary>
public sealed class TwoTenants(DatabaseServer server) : IAsyncLifetime
{
    private const int OwnMajor = 3;

    private int _twins;

    internal string ConnectionString { get; private set; } = "";

    internal RegistryApp App { get; private set; } = null!;

    internal ApiDocument Document { get; private set; } = null!;

    /// <summary>The one that has secrets.</summary>
    internal TenantData Victim { get; private set; } = null!;

    /// <summary>The one that asks.</summary>
    internal TenantData Stranger { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await server.CreateDatabaseAsync();
        App = await RegistryApp.StartAsync(ConnectionString);
        Document = await ApiDocument.ReadAsync(App);
        Victim = await TenantData.CreateAsync(App, "victim", "hidden", 7);
        Stranger = await TenantData.CreateAsync(App, "stranger", "own", OwnMajor);
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    /// <summary>Another tenant that has the same as the stranger.</summary>
    internal Task<TenantData> TwinAsync() => TenantData.CreateAsync(App, $"twin-{Interlocked.Increment(ref _twins):0000}", "own", OwnMajor);
}
