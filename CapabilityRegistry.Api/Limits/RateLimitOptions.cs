using System.ComponentModel.DataAnnotations;

namespace CapabilityRegistry.Api.Limits;

/// <summary>How many requests a client may make.</summary>
internal sealed class RateLimitOptions
{
    public const string SectionName = "RateLimit";

    public bool Enabled { get; set; } = true;

    /// <summary>What is refilled in a minute, evenly, not minute by minute.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerMinute { get; set; } = 100;

    /// <summary>How many requests may come at once after a pause.</summary>
    [Range(1, 100_000)]
    public int Burst { get; set; } = 20;
}
