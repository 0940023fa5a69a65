namespace CapabilityRegistry.Tests.Api.Identity;

/// <summary>Settings of a host, briefly.</summary>
internal static class Settings
{
    public static Dictionary<string, string?> Of(params (string Key, string? Value)[] settings) => settings.ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal);
}
