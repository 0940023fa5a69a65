using CapabilityRegistry.Core.Manifests;
using Npgsql;

namespace CapabilityRegistry.Data.Writing;

/// <summary>Writes releases inside a transaction of the caller: one path for a single publish and for a bulk import, set-based, with events and audit entries in the same transaction.</summary>
/// <remarks>
/// <para>Writers of the same capability wait for each other on its row; writers of different capabilities do not. Rows are locked in the order of their keys, so that two
/// batches cannot block each other for ever; what still deadlocks is for the caller to repeat as a whole.</para>
/// <para>A batch holds at most one release of a version: <see cref="WriteAsync"/> throws otherwise.</para>
/// </remarks>
public static class CatalogueWriter
{
    /// <summary>Writes a batch in the connection's transaction, which sees the tenant of the context.</summary>
    /// <returns>One outcome for each release, in order. Nothing is written for those that are not <see cref="WriteOutcome.Wrote"/>.</returns>
    public static async Task<IReadOnlyList<WriteOutcome>> WriteAsync(NpgsqlConnection connection, IReadOnlyList<Release> releases, WriteContext context, CancellationToken cancellationToken)
    {
        var writes = releases.Select(r => new PlannedWrite(r)).ToArray();
        if (writes.DistinctBy(w => (w.Release.Code, w.Precedence)).Count() != writes.Length)
        {
            throw new ArgumentException("A batch holds a version twice.", nameof(releases));
        }

        var names = await NameRows.InternAsync(connection, context, writes, cancellationToken);
        await new WritePlan(connection, context, names).DecideAsync(writes, cancellationToken);
        var written = writes.Where(w => w.Status is WriteStatus.Created or WriteStatus.Updated).ToArray();
        if (written.Length > 0)
        {
            await WriteRows.ExecuteAsync(connection, context, names, written, cancellationToken);
        }

        return [.. writes.Select(w => new WriteOutcome(w.Status, w.CapabilityId, w.VersionId))];
    }
}
