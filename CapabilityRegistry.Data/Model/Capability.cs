namespace CapabilityRegistry.Data.Model;

/// <summary>A row that belongs to a tenant. Every table has such rows only; the query filter of <see cref="RegistryDbContext"/> covers them all.</summary>
public interface ITenantOwned
{
    string TenantId { get; }
}

/// <summary>A capability: its page, which people edit, beside its versions, which nobody does.</summary>
/// <remarks>The page begins as what the manifest of the newest version says and follows every newer version that is published.</remarks>
public sealed class Capability : ITenantOwned
{
    public required string TenantId { get; init; }

    /// <summary>UUID version 7; also the id of the capability's name in the one name space.</summary>
    public required Guid CapabilityId { get; init; }

    public required string CapabilityCode { get; init; }

    public required string CapabilityName { get; set; }

    public required string Description { get; set; }

    public required string Category { get; set; }

    public required string Subcategory { get; set; }

    /// <summary>One of <see cref="CapabilityStatus"/>.</summary>
    public required string Status { get; set; }

    public required string[] CompositionKeywords { get; set; }

    /// <summary>The rest of the page: a JSON object of the descriptive manifest members that are not columns.</summary>
    public required string Details { get; set; }

    public required Guid LatestVersionId { get; set; }

    public required string LatestVersion { get; set; }

    /// <summary>Orders what may be the latest version: a release before every pre-release, then by precedence. The column has the "C" collation.</summary>
    public required string LatestRank { get; set; }

    public double QualityScore { get; set; }

    public double PopularityScore { get; set; }

    public long UsageCount { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>Counts the writes; the entity tag.</summary>
    public long Revision { get; set; }
}

/// <summary>The states of a capability's page, as the system that this one replaces had them.</summary>
public static class CapabilityStatus
{
    public const string Discovered = "discovered";
    public const string Registered = "registered";
    public const string Validated = "validated";
    public const string Active = "active";
    public const string Deprecated = "deprecated";
    public const string Retired = "retired";

    public static IReadOnlyList<string> All { get; } = [Discovered, Registered, Validated, Active, Deprecated, Retired];
}
