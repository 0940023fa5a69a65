namespace CapabilityRegistry.Cli.Capabilities;

/// <summary>A capability in a list.</summary>
internal sealed record CapabilityRow(string CapabilityCode, string? LatestVersion, string? Category, string? Status, string? Description);

/// <summary>A version in a list.</summary>
internal sealed record VersionRow(string Version, Lifecycle? Lifecycle, DateTimeOffset? CreatedAt);

/// <summary>Where a version stands in its life.</summary>
internal sealed record Lifecycle(string? State, string? Message, string? ReplacedBy, DateTimeOffset? SunsetAt)
{
    public const string Active = "active";

    /// <summary>What there is to say of a version that is not active.</summary>
    public string Remark => string.Join("; ", new[] { Message?.TrimEnd('.'), Replacement, Sunset }.OfType<string>());

    private string? Replacement => ReplacedBy is null ? null : $"replaced by {ReplacedBy}";

    private string? Sunset => SunsetAt is null ? null : $"ends {SunsetAt:yyyy-MM-dd}";
}
