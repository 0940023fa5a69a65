using System.ComponentModel.DataAnnotations;

namespace CapabilityRegistry.Data.Usage;

/// <summary>The section <c>Usage</c>: how uses are counted (API) and summed up (worker).</summary>
public sealed class UsageOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Usage";

    /// <summary>Whether uses are counted at all.</summary>
    public bool Counting { get; set; } = true;

    /// <summary>How often a process writes down what it has counted: what a process that is killed loses.</summary>
    [Range(1, 3600)]
    public int FlushSeconds { get; set; } = 5;

    /// <summary>The counters that a process keeps at most; what would need more is not counted until some are idle.</summary>
    [Range(100, 10_000_000)]
    public int MostCounters { get; set; } = 100_000;

    /// <summary>How often the worker sums hours up to days.</summary>
    [Range(1, 1440)]
    public int RollUpMinutes { get; set; } = 60;

    /// <summary>How long hours are kept.</summary>
    [Range(3, 3650)]
    public int HourlyDays { get; set; } = 35;

    /// <summary>How long days are kept, and how far <c>usage_count</c> looks back.</summary>
    [Range(30, 36_500)]
    public int DailyDays { get; set; } = 730;

    /// <summary>After how many days a use counts half in <c>popularity_score</c>.</summary>
    [Range(1, 3650)]
    public int HalfLifeDays { get; set; } = 30;
}
