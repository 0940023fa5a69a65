namespace CapabilityRegistry.Data.Events;

/// <summary>The channels of PostgreSQL's NOTIFY. Messages only wake listeners up; what has happened is in the tables.</summary>
/// <remarks>Writers send none: in PostgreSQL a transaction that notifies commits alone, which would put all writers in one queue.</remarks>
public static class EventChannels
{
    /// <summary>Events got their positions; the payload is the new head of the sequence.</summary>
    public const string Sequenced = "registry_positions";
}
