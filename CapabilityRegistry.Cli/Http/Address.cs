namespace CapabilityRegistry.Cli.Http;

/// <summary>Writes addresses relative to the registry's.</summary>
internal static class Address
{
    /// <summary>A path with one part that a user gave.</summary>
    public static string Of(string collection, string item, string rest = "") => $"{collection}/{Uri.EscapeDataString(item)}{rest}";

    /// <summary>Adds query parameters; those without a value are left out.</summary>
    public static string With(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var given = new List<string>();
        foreach (var (name, value) in parameters)
        {
            if (value is { Length: > 0 })
            {
                given.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }

        return given.Count == 0 ? path : $"{path}?{string.Join('&', given)}";
    }
}
