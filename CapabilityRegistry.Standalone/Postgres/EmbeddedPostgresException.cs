namespace CapabilityRegistry.Standalone.Postgres;

/// <summary>The embedded server cannot be had. The message is written for the person at the terminal: what is wrong, where, and what to do.</summary>
internal sealed class EmbeddedPostgresException(string message, Exception? inner = null) : Exception(message, inner);
