using System.ComponentModel.DataAnnotations;

namespace CapabilityRegistry.ServiceDefaults.Shutdown;

/// <summary>The section <c>Shutdown</c>: how a process leaves that is told to stop.</summary>
public sealed class ShutdownOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Shutdown";

    /// <summary>For how many seconds it says that it is not ready, and serves all the same, before it closes its doors; null for what its environment does by itself.</summary>
    [Range(0, 600)]
    public int? DrainSeconds { get; set; }
}
