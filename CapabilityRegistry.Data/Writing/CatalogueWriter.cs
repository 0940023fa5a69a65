using CapabilityRegistry.Core.Manifests;
using Npgsql;

namespace CapabilityRegistry.Data.Writing;

/// <summary>Writes releases: one path for a single publish and for a bulk import, set-based, with its events in the same transaction.</summary>
/// <remarks>
/// <para>Writers of the same capability wait for each other on its row; writers of different capabilities do not. Rows are locked in the order of their keys, so that two
/// batches cannot block each other for ever; what still deadlocks or loses its connection is retried as a whole.</para>
/// <para>A batch holds at most one release of a version: <see cref="WriteAsync"/> throws otherwise.</para>
/// </remarks>
public sealed class CatalogueWriter(NpgsqlDataSource dataSource, TableStatistics statistics)
{
    private const int MaxAttempts = 4;

    /// <summary>Writes a batch in one transaction.</summary>
    /// <returns>One outcome for each release, in order. Nothing is written for those that are not <see cref="WriteOutcome.Wrote"/>.</returns>
    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<Release> releases, WriteContext context, CancellationToken cancellationToken, bool dryRun = false)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnceAsync(releases, context, dryRun, cancellationToken);
            }
            catch (NpgsqlException exception) when (exception.IsTransient && attempt < MaxAttempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt * attempt), cancellationToken);
            }
        }
    }

    private async Task<IReadOnlyList<WriteOutcome>> WriteOnceAsync(IReadOnlyList<Release> releases, WriteContext context, bool dryRun, CancellationToken cancellationToken)
    {
        var writes = releases.Select(r => new PlannedWrite(r)).ToArray();
        if (writes.DistinctBy(w => (w.Release.Code, w.Precedence)).Count() != writes.Length)
        {
            throw new ArgumentException("A batch holds a version twice.", nameof(releases));
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var names = await NameRows.InternAsync(connection, context, writes, cancellationToken);
        await new WritePlan(connection, context, names).DecideAsync(writes, cancellationToken);
        var written = writes.Where(w => w.Status is WriteStatus.Created or WriteStatus.Updated).ToArray();
        if (written.Length > 0 && !dryRun)
        {
            await WriteRows.ExecuteAsync(connection, context, names, written, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            await statistics.CountAsync(context.TenantId, written.Length, cancellationToken);
        }
        else
        {
            await transaction.RollbackAsync(cancellationToken);
        }

        return [.. writes.Select(w => new WriteOutcome(w.Status, w.CapabilityId, w.VersionId))];
    }
}
