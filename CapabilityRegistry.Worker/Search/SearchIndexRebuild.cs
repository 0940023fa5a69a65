using CapabilityRegistry.Data.Search.Elasticsearch;
using CapabilityRegistry.Data.Tenancy;
using Npgsql;

namespace CapabilityRegistry.Worker.Search;

/// <summary>Builds the index of Elasticsearch anew from PostgreSQL while searches and writes go on, and puts it in the place of the old one when it holds what PostgreSQL holds.</summary>
/// <remarks>From the moment on that the new index is recorded in the database, changes are written to both. What is read from the tables has the head of the sequence as its version, so whichever
/// of the two writers comes later with something older is refused by the index.</remarks>
internal sealed class SearchIndexRebuild(SystemDatabase database, ElasticsearchClient client, BulkWriter bulk, SearchIndexComparison comparison, IndexNames names, TimeProvider clock)
{
    /// <summary>The advisory lock of rebuilding: "regidx" in ASCII.</summary>
    private const long LockKey = 0x726567696478;

    private const int BatchSize = 500;
    private const int Attempts = 6;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs to the end.</summary>
    /// <param name="report">Hears of every step, for an operator.</param>
    /// <param name="cancellationToken">Cancels it; the old index stays.</param>
    /// <returns>Whether the new index is in place. False when another rebuild is running, or when the new index would not agree with PostgreSQL; searches go on as before then.</returns>
    public async Task<bool> RunAsync(Action<string> report, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        if (await AskAsync(connection, "SELECT pg_try_advisory_lock($1)", cancellationToken, LockKey) is not true)
        {
            report("Another rebuild is running; this one leaves it to that.");
            return false;
        }

        var index = names.Make(clock.GetUtcNow());
        var isInPlace = false;
        try
        {
            await RemoveLeftoversAsync(connection, cancellationToken);
            await client.CreateIndexAsync(index, names.Next, cancellationToken);
            await AskAsync(connection, "INSERT INTO search_rebuilds (index_name, started_at) VALUES ($1, now())", cancellationToken, index);
            report($"Building {index}.");
            isInPlace = await FillAsync(connection, index, report, cancellationToken);
        }
        finally
        {
            await EndAsync(connection, index, isInPlace);
        }

        return isInPlace;
    }

    private async Task<bool> FillAsync(NpgsqlConnection connection, string index, Action<string> report, CancellationToken cancellationToken)
    {
        var began = await HeadAsync(connection, cancellationToken);
        var copied = await CopyAsync(connection, cancellationToken);
        await client.ShowChangesAsync(index, cancellationToken);
        report($"{copied} capabilities copied.");
        for (var attempt = 1; ; attempt++)
        {
            var head = await CatchUpAsync(connection, began, cancellationToken);
            await client.RefreshAsync(index, cancellationToken);
            var differences = await comparison.CompareAsync(connection, index, head, cancellationToken);
            if (differences.Count == 0)
            {
                break;
            }

            if (attempt == Attempts)
            {
                report($"The new index does not agree with PostgreSQL and is discarded: {string.Join(" ", differences.Take(10))}");
                return false;
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }

        report("Counts of every tenant and a sample agree with PostgreSQL.");
        await PutInPlaceAsync(index, report, cancellationToken);
        return true;
    }

    private async Task<long> CopyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (copied, last) = (0L, Guid.Empty);
        while (await IndexedCapabilities.ReadAsync(connection, last, BatchSize, cancellationToken) is { Count: > 0 } documents)
        {
            await WriteAsync(documents, cancellationToken);
            (copied, last) = (copied + documents.Count, documents[^1].Source.Id);
        }

        return copied;
    }

    /// <summary>Writes what has changed since a position, also where no worker runs that would: for one that lags, its own writes are refused later as old.</summary>
    /// <returns>The position up to which the new index is complete.</returns>
    private async Task<long> CatchUpAsync(NpgsqlConnection connection, long since, CancellationToken cancellationToken)
    {
        var head = await HeadAsync(connection, cancellationToken);
        var changed = new List<Guid>();
        await using (var command = new NpgsqlCommand("SELECT DISTINCT capability_id FROM events WHERE position > $1 AND position <= $2 AND capability_id IS NOT NULL", connection) { Parameters = { new() { Value = since }, new() { Value = head } } })
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                changed.Add(reader.GetGuid(0));
            }
        }

        foreach (var ids in changed.Chunk(BatchSize))
        {
            await WriteAsync(await IndexedCapabilities.ReadAsync(connection, ids, cancellationToken), cancellationToken);
        }

        return head;
    }

    private async Task WriteAsync(List<VersionedDocument> documents, CancellationToken cancellationToken)
    {
        if (!await bulk.WriteAsync(names.Next, documents, cancellationToken))
        {
            throw new ElasticsearchException(404, "the new index is gone: somebody has removed it while it was built.");
        }
    }

    /// <summary>The aliases move all at once. A search that is under way on the old index and is cut off by its removal is answered by PostgreSQL.</summary>
    private async Task PutInPlaceAsync(string index, Action<string> report, CancellationToken cancellationToken)
    {
        List<(string Index, string Alias)> from = [(index, names.Next)];
        foreach (var alias in new[] { names.Read, names.Write })
        {
            from.AddRange((await client.BehindAsync(alias, cancellationToken)).Select(old => (old, alias)));
        }

        await client.MoveAliasesAsync(from, index, [names.Read, names.Write], cancellationToken);
        report($"Searches read {index}.");
        foreach (var old in from.Select(f => f.Index).Where(old => old != index).Distinct(StringComparer.Ordinal))
        {
            await client.DeleteIndexAsync(old, cancellationToken);
            report($"Removed {old}.");
        }
    }

    /// <summary>What a rebuild left behind that was killed.</summary>
    private async Task RemoveLeftoversAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await AskAsync(connection, "DELETE FROM search_rebuilds", cancellationToken);
        foreach (var old in await client.BehindAsync(names.Next, cancellationToken))
        {
            await client.DeleteIndexAsync(old, cancellationToken);
        }
    }

    /// <summary>Ends writing to both, whatever has happened.</summary>
    private async Task EndAsync(NpgsqlConnection connection, string index, bool isInPlace)
    {
        await AskAsync(connection, "DELETE FROM search_rebuilds", CancellationToken.None);
        await AskAsync(connection, "SELECT pg_advisory_unlock($1)", CancellationToken.None, LockKey);
        if (!isInPlace && (await client.BehindAsync(names.Next, CancellationToken.None)).Contains(index, StringComparer.Ordinal))
        {
            await client.DeleteIndexAsync(index, CancellationToken.None);
        }
    }

    private static async Task<long> HeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => (long)(await AskAsync(connection, "SELECT position FROM sequence_head", cancellationToken))!;

    private static async Task<object?> AskAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
