using System.ComponentModel.DataAnnotations;

namespace CapabilityRegistry.ServiceDefaults.Configuration;

/// <summary>The section <c>Outgoing</c>: calls from here to others.</summary>
public sealed class OutgoingOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Outgoing";

    /// <summary>The connections to one server that a client opens at most.</summary>
    [Range(1, 10_000)]
    public int MaxConnectionsPerServer { get; set; } = 20;
}
