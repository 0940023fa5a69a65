namespace CapabilityRegistry.Data.Model;

/// <summary>A way in which a capability is used.</summary>
public enum UsageKind
{
    /// <summary>Its page, or one of its versions, was read.</summary>
    View,

    /// <summary>A version of it was part of an answer to a resolution.</summary>
    Resolution,

    /// <summary>It was asked for by name in a resolution that was answered: a part of <see cref="Resolution"/>, not a further use.</summary>
    Root,

    /// <summary>A lock with a version of it was made or read.</summary>
    Lock,
}

/// <summary>How often a capability was used in an hour.</summary>
public sealed class UsageHour : ITenantOwned
{
    public required string TenantId { get; init; }

    public required Guid CapabilityId { get; init; }

    public required UsageKind Kind { get; init; }

    /// <summary>The beginning of the hour.</summary>
    public required DateTimeOffset Hour { get; init; }

    public required long Count { get; init; }
}

/// <summary>How often a capability was used on a day, UTC: the sum of its hours, kept for longer.</summary>
public sealed class UsageDay : ITenantOwned
{
    public required string TenantId { get; init; }

    public required Guid CapabilityId { get; init; }

    public required UsageKind Kind { get; init; }

    public required DateOnly Day { get; init; }

    public required long Count { get; init; }
}

/// <summary>How far the hours have been summed up, and the days been made scores of. One row.</summary>
public sealed class UsageRollUp
{
    public required short UsageRollUpId { get; init; }

    /// <summary>The day of the last summing up.</summary>
    public DateOnly? SummedOn { get; init; }

    public DateTimeOffset? SummedAt { get; init; }

    /// <summary>The day for which every tenant's scores are computed.</summary>
    public DateOnly? ScoredOn { get; init; }
}
