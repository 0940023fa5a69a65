using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CapabilityRegistry.Data.Tenancy;

/// <summary>Opens connections that see one tenant.</summary>
/// <remarks>The tenant is set for one use of a pooled connection: Npgsql resets the session when the connection goes back, and the data source is configured so that this cannot
/// be switched off. A connection for which nothing was set sees no row.</remarks>
public sealed class TenantDatabase(NpgsqlDataSource dataSource) : IAsyncDisposable
{
    /// <summary>Opens a connection as the application's role, bound to a tenant until it is closed.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string tenantId, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var bind = new NpgsqlCommand($"SELECT set_config('{DatabaseRoles.TenantSetting}', $1, false)", connection) { Parameters = { new() { Value = tenantId } } };
            await bind.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => dataSource.DisposeAsync();
}

/// <summary>Opens connections that see every tenant, for work that belongs to none: the event sequence and what hangs on it.</summary>
public sealed class SystemDatabase(NpgsqlDataSource dataSource) : IAsyncDisposable
{
    /// <summary>Opens a connection as <see cref="DatabaseRoles.System"/>.</summary>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => dataSource.OpenConnectionAsync(cancellationToken);

    /// <summary>A context that sees every tenant, where a query says <c>IgnoreQueryFilters</c>.</summary>
    public RegistryDbContext CreateContext() => new(new DbContextOptionsBuilder<RegistryDbContext>().UseNpgsql(dataSource).UseSnakeCaseNamingConvention().Options);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => dataSource.DisposeAsync();
}
