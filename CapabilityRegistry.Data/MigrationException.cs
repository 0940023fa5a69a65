namespace CapabilityRegistry.Data;

/// <summary>The schema cannot be brought up to date; the message says why and what to do.</summary>
public sealed class MigrationException(string message, Exception inner) : Exception(message, inner);
