namespace CapabilityRegistry.Data.Model;

/// <summary>Named requirements plus configuration.</summary>
public sealed class Composition : ITenantOwned
{
    public required string TenantId { get; init; }

    public required Guid CompositionId { get; init; }

    public required string Name { get; set; }

    public required string Description { get; set; }

    public required string CompositionType { get; set; }

    /// <summary>A JSON array of requirements.</summary>
    public required string Requirements { get; set; }

    /// <summary>A JSON object of the remaining members.</summary>
    public required string Details { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public long Revision { get; set; }

    /// <summary>A JSON object: at which revision each member changed last.</summary>
    public required string MemberRevisions { get; set; }
}

/// <summary>The resolved set that a composition is pinned to.</summary>
public sealed class CompositionLock : ITenantOwned
{
    public required string TenantId { get; init; }

    public required Guid CompositionId { get; init; }

    /// <summary>The position of the catalogue that it was computed against.</summary>
    public required long CataloguePosition { get; set; }

    /// <summary>The answer as it was given.</summary>
    public required string Document { get; set; }

    public required DateTimeOffset LockedAt { get; set; }
}
