using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Tenancy;
using Npgsql;

namespace CapabilityRegistry.Data.Writing;

/// <summary>Writes the batches of imports, each in a transaction of its own: what is answered is kept.</summary>
public sealed class CatalogueImporter(TenantDatabase database, TableStatistics statistics)
{
    private const int MaxAttempts = 4;

    /// <summary>Writes one batch and keeps it. What deadlocks or loses its connection is tried again as a whole.</summary>
    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<Release> releases, WriteContext context, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnceAsync(releases, context, cancellationToken);
            }
            catch (NpgsqlException exception) when (exception.IsTransient && attempt < MaxAttempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt * attempt), cancellationToken);
            }
        }
    }

    /// <summary>Begins an import of which nothing is kept: later batches see what earlier ones wrote, and disposing takes all of it back.</summary>
    public async Task<Rehearsal> RehearseAsync(string tenantId, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(tenantId, cancellationToken);
        await connection.BeginTransactionAsync(cancellationToken);
        return new(connection);
    }

    private async Task<IReadOnlyList<WriteOutcome>> WriteOnceAsync(IReadOnlyList<Release> releases, WriteContext context, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(context.TenantId, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var outcomes = await CatalogueWriter.WriteAsync(connection, releases, context, cancellationToken);
        if (outcomes.Count(o => o.Wrote) is > 0 and var written)
        {
            await transaction.CommitAsync(cancellationToken);
            await statistics.CountAsync(context.TenantId, written, cancellationToken);
        }

        return outcomes;
    }

    /// <summary>An import of which nothing is kept.</summary>
    public sealed class Rehearsal(NpgsqlConnection connection) : IAsyncDisposable
    {
        /// <summary>Writes one batch as an import would.</summary>
        public Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<Release> releases, WriteContext context, CancellationToken cancellationToken) =>
            CatalogueWriter.WriteAsync(connection, releases, context, cancellationToken);

        /// <summary>Takes everything back.</summary>
        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
