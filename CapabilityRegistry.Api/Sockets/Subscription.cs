using CapabilityRegistry.Api.Events;

namespace CapabilityRegistry.Api.Sockets;

/// <summary>What the next look of a subscription gives.</summary>
internal abstract record SubscriptionReading
{
    /// <summary>Messages, each with the position that everything is sent up to once it is.</summary>
    internal sealed record Messages(IReadOnlyList<(long Position, byte[] Json)> Items, long Through, bool HasMore) : SubscriptionReading;

    /// <summary>It cannot go on.</summary>
    internal sealed record Gone(FeedReading.Gone Reason) : SubscriptionReading;
}

/// <summary>One socket's place in its tenant's part of the sequence.</summary>
/// <remarks>Nothing waits for a slow socket: it has a place, not a queue. While the place is within the stream of the newest events the look costs no query; when it has fallen behind,
/// or begins further back, the same place is looked up in the change feed. Both are read from the place on, so that between them nothing is lost and nothing comes twice.</remarks>
internal sealed class Subscription(TenantStream stream, ChangeFeed feed, IReadOnlyCollection<string> types, long position)
{
    private const int PageSize = 500;

    private volatile HashSet<string> _types = [.. types];

    /// <summary>Everything up to here is sent.</summary>
    public long Position { get; set; } = position;

    /// <summary>Looks for what follows.</summary>
    public async Task<SubscriptionReading> ReadAsync(CancellationToken cancellationToken)
    {
        if (stream.ReadAfter(Position) is { } near)
        {
            return new SubscriptionReading.Messages([.. near.Items.Where(i => _types.Contains(i.EventType)).Select(i => (i.Position, i.Json))], near.Through, HasMore: false);
        }

        return await feed.ReadAsync(stream.TenantId, Position, _types, PageSize, cancellationToken) switch
        {
            FeedReading.Read read => new SubscriptionReading.Messages([.. read.Events.Select(e => (e.Position, UpdateMessage.Of(e).ToJson()))], read.Position, read.HasMore),
            FeedReading.Gone gone => new SubscriptionReading.Gone(gone),
            _ => throw new InvalidOperationException("A feed is read or gone."),
        };
    }

    /// <summary>Takes the types away that the caller may not see any more.</summary>
    public void Restrict(IReadOnlyList<string> visible) => _types = [.. _types.Intersect(visible, StringComparer.Ordinal)];
}
