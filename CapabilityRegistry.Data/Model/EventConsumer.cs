namespace CapabilityRegistry.Data.Model;

/// <summary>The last position of the one sequence that no crash of the database can take back. One row.</summary>
public sealed class SequenceHead
{
    public required short SequenceHeadId { get; init; }

    public long Position { get; set; }
}

/// <summary>How far a consumer of the sequence has come, and which worker is at it.</summary>
public sealed class EventConsumer
{
    public required string Consumer { get; init; }

    /// <summary>Everything up to here is dealt with.</summary>
    public long Position { get; set; }

    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>How often the next event has failed.</summary>
    public int Attempts { get; set; }

    /// <summary>When it is tried again.</summary>
    public DateTimeOffset? RetryAt { get; set; }

    public string? LastError { get; set; }

    public required DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>An event that a consumer could not deal with, put aside so that those behind it go on.</summary>
public sealed class ParkedEvent : ITenantOwned
{
    public required string TenantId { get; init; }

    /// <summary>UUID version 7.</summary>
    public required Guid ParkedEventId { get; init; }

    public required string Consumer { get; init; }

    public required long Position { get; init; }

    public required string EventType { get; init; }

    /// <summary>The event, so that it can be replayed after its row in the log is gone.</summary>
    public required string Event { get; init; }

    public required int Attempts { get; set; }

    public required string Error { get; set; }

    public required DateTimeOffset ParkedAt { get; init; }

    /// <summary>Since when an operator wants it tried again.</summary>
    public DateTimeOffset? ReplayRequestedAt { get; set; }
}
