namespace CapabilityRegistry.Cli.Logins;

/// <summary>There is nobody to be at this registry; the message says what to do about it.</summary>
internal sealed class NotLoggedInException(string message) : Exception(message);
