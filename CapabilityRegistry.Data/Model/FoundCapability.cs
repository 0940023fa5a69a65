namespace CapabilityRegistry.Data.Model;

/// <summary>A row of the database functions that find capabilities (security.sql).</summary>
public sealed class FoundCapability
{
    public Guid CapabilityId { get; init; }
}
