using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Data;
using CapabilityRegistry.Data.Writing;
using Npgsql;

namespace CapabilityRegistry.Api.Http;

/// <summary>One request: who asks, and the database as that tenant sees it. Set by <see cref="CallerFilter"/> before any handler runs.</summary>
internal sealed partial class RegistryScope(IServiceProvider services, TimeProvider clock)
{
    private HttpContext? _http;
    private RegistryDbContext? _database;
    private DateTimeOffset? _now;

    public HttpContext Http => _http ?? throw new InvalidOperationException("The endpoint is outside the API's route group.");

    public Caller Caller { get; private set; } = null!;

    public string TenantId => Caller.TenantId;

    /// <summary>Who acts, as audit entries say it.</summary>
    public Actor Actor => new(TenantId, Caller.ClientId, Http.Connection.RemoteIpAddress?.ToString(), Http.TraceIdentifier);

    public RegistryDbContext Database => _database ??= OpenDatabase();

    /// <summary>The connection of <see cref="Database"/>, inside the transaction of a write.</summary>
    public NpgsqlConnection Connection => (NpgsqlConnection)Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.GetDbConnection(Database.Database);

    /// <summary>When this attempt at the request began: one time for everything that it writes.</summary>
    public DateTimeOffset Now => _now ??= clock.GetUtcNow().AsKept();

    /// <summary>A new id: UUID version 7.</summary>
    public Guid NewId() => Guid.CreateVersion7(Now);

    public void Enter(HttpContext http, Caller caller) => (_http, Caller) = (http, caller);

    private RegistryDbContext OpenDatabase()
    {
        var database = services.GetRequiredService<RegistryDbContext>();
        database.TenantId = TenantId;
        database.Database.AutoSavepointsEnabled = false;
        return database;
    }
}
