using System.ComponentModel.DataAnnotations;

namespace CapabilityRegistry.Worker.Relay;

/// <summary>The section <c>Relay</c>: how the consumers of the sequence are driven.</summary>
internal sealed class RelayOptions
{
    public const string SectionName = "Relay";

    /// <summary>How often an event is tried before it is parked.</summary>
    [Range(1, 100)]
    public int Attempts { get; set; } = 8;

    /// <summary>The pause before the first retry; every further one is twice as long, with jitter.</summary>
    [Range(1, 60_000)]
    public int FirstPauseMs { get; set; } = 100;

    /// <summary>The longest pause between two tries.</summary>
    [Range(1, 3600)]
    public int LongestPauseSeconds { get; set; } = 30;

    /// <summary>How long a batch that is being worked on may take to end when the worker is stopped.</summary>
    [Range(0, 300)]
    public int DrainSeconds { get; set; } = 10;
}
