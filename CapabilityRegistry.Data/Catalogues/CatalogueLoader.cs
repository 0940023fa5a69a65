using System.Data;
using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Tenancy;
using Npgsql;

namespace CapabilityRegistry.Data.Catalogues;

/// <summary>Reads a tenant's catalogue from the database: all of it, or what changed since a snapshot.</summary>
/// <remarks>A load sees one state of the database, in which every event of the tenant has its position: so the snapshot's position says exactly what is in it.</remarks>
public sealed class CatalogueLoader(TenantDatabase database, Sequencer sequencer) : IAsyncDisposable
{
    private const int MaxAttempts = 20;

    /// <summary>Whether nothing has been committed since a snapshot was taken. One look into two indexes.</summary>
    public async Task<bool> IsCurrentAsync(string tenantId, Catalogue catalogue, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        await using var connection = await database.OpenAsync(tenantId, cancellationToken);
        return await HeadAsync(connection, tenantId, cancellationToken) == (catalogue.Position, 0);
    }

    /// <summary>A snapshot that holds everything committed before the call.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="basis">An older snapshot of the same tenant to build on, or null for none. Answered as it is when nothing has changed.</param>
    /// <param name="cancellationToken">Cancels the load.</param>
    public async Task<Catalogue> LoadAsync(string tenantId, Catalogue? basis, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var connection = await database.OpenAsync(tenantId, cancellationToken);
            var head = await HeadAsync(connection, tenantId, cancellationToken);
            if (head.Unsequenced == 0 && head.Position == (basis?.Position ?? -1))
            {
                return basis!;
            }

            if (head.Unsequenced == 0 && await LoadAtAsync(connection, tenantId, basis, cancellationToken) is { } catalogue)
            {
                return catalogue;
            }

            if (attempt == MaxAttempts)
            {
                throw new TimeoutException("The event sequence moved faster than a snapshot could be taken.");
            }

            await connection.CloseAsync();
            await sequencer.RunAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static async Task<Catalogue?> LoadAtAsync(NpgsqlConnection connection, string tenantId, Catalogue? basis, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var head = await HeadAsync(connection, tenantId, cancellationToken);
        if (head.Unsequenced > 0)
        {
            return null;
        }

        // What follows a snapshot that is older than the oldest event cannot be told from the sequence any more.
        basis = basis is null || basis.IsOutgrown || basis.Position < await FloorAsync(connection, tenantId, cancellationToken) ? null : basis;
        var changed = basis is null ? null : await ChangedAsync(connection, tenantId, basis.Position, cancellationToken);
        var builder = new CatalogueBuilder(basis ?? Catalogue.Empty);
        if (changed is null || changed.Count > 0)
        {
            await new CatalogueRows(connection, tenantId, changed is null ? null : [.. changed.Keys]).ReadIntoAsync(builder, changed, cancellationToken);
        }

        return builder.Build(head.Position);
    }

    private static async Task<(long Position, long Unsequenced)> HeadAsync(NpgsqlConnection connection, string tenantId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT coalesce((SELECT position FROM events WHERE tenant_id = $1 AND position IS NOT NULL ORDER BY position DESC LIMIT 1), 0),
                (SELECT count(*) FROM events WHERE position IS NULL AND tenant_id = $1)
            """,
            connection)
        {
            Parameters = { new() { Value = tenantId } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private static async Task<long> FloorAsync(NpgsqlConnection connection, string tenantId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT feed_floor FROM tenants WHERE tenant_id = $1", connection) { Parameters = { new() { Value = tenantId } } };
        return (long?)await command.ExecuteScalarAsync(cancellationToken) ?? 0;
    }

    /// <summary>The capabilities that events after a position are about, with their codes.</summary>
    private static async Task<Dictionary<Guid, string>> ChangedAsync(NpgsqlConnection connection, string tenantId, long position, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT DISTINCT e.capability_id, n.name FROM events e JOIN names n ON n.tenant_id = e.tenant_id AND n.name_id = e.capability_id
            WHERE e.tenant_id = $1 AND e.position > $2
            """,
            connection)
        {
            Parameters = { new() { Value = tenantId }, new() { Value = position } },
        };
        var changed = new Dictionary<Guid, string>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            changed.Add(reader.GetGuid(0), reader.GetString(1));
        }

        return changed;
    }
}
