using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Tenancy;
using Npgsql;

namespace CapabilityRegistry.Api.Events;

/// <summary>What reading on from a position gives.</summary>
internal abstract record FeedReading(long Head)
{
    /// <summary>The events, and the position up to which there are no others of the types asked for.</summary>
    internal sealed record Read(IReadOnlyList<SequencedEvent> Events, long Position, long Head) : FeedReading(Head)
    {
        public bool HasMore => Position < Head;
    }

    /// <summary>The position cannot be gone on from.</summary>
    internal sealed record Gone(string Reason, long Head) : FeedReading(Head);
}

/// <summary>Reads a tenant's part of the sequence.</summary>
internal sealed class ChangeFeed(TenantDatabase database, SequenceGate gate, Sequencer sequencer)
{
    /// <summary>How much of the sequence one look reads at most: what rare types cost is bounded by it.</summary>
    private const long Window = 100_000;

    /// <summary>Reads on from a position. What was committed before the call is there, or comes soon: its head says how far it went.</summary>
    public async Task<FeedReading> ReadAsync(string tenantId, long since, IReadOnlyCollection<string> types, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(tenantId, cancellationToken);
        return await ReadAsync(connection, tenantId, since, types, limit, cancellationToken);
    }

    /// <summary>The same on a connection that sees the tenant: who is in a transaction must not wait for a second connection.</summary>
    public async Task<FeedReading> ReadAsync(NpgsqlConnection connection, string tenantId, long since, IReadOnlyCollection<string> types, int limit, CancellationToken cancellationToken)
    {
        var (head, floor) = await BordersAsync(connection, tenantId, cancellationToken);
        if (since > head)
        {
            // Perhaps a position that a write was answered with just now.
            await gate.AdvanceAsync();
            head = await sequencer.PublishAsync(cancellationToken);
        }

        if (since < floor || since > head)
        {
            return new FeedReading.Gone(since < floor ? "The events that follow it are no longer kept." : "The sequence has not come so far; it was restored from an older state.", head);
        }

        var through = Math.Min(head, since + Window);
        var events = await EventReader.ReadAsync(connection, tenantId, since, through, types, limit, cancellationToken);
        return new FeedReading.Read(events, events.Count == limit ? events[^1].Position : through, head);
    }

    private static async Task<(long Head, long Floor)> BordersAsync(NpgsqlConnection connection, string tenantId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT position, coalesce((SELECT feed_floor FROM tenants WHERE tenant_id = $1), 0) FROM sequence_head", connection) { Parameters = { new() { Value = tenantId } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
