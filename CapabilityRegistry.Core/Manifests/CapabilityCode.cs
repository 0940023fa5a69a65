using System.Buffers;

namespace CapabilityRegistry.Core.Manifests;

/// <summary>The rule for names in the one name space of capability codes and provided services: <c>^[a-z0-9][a-z0-9._+-]{0,127}$</c> after lower-casing.</summary>
public static class CapabilityCode
{
    /// <summary>The most characters of a code.</summary>
    public const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._+-");

    /// <summary>The code in lower case, or null when it breaks the rule. Only ASCII letters are folded: a Kelvin sign is no k.</summary>
    public static string? Normalise(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength)
        {
            return null;
        }

        var code = IsLowerCase(text) ? text : string.Create(text.Length, text, static (span, source) => _ = System.Text.Ascii.ToLower(source, span, out _));
        return char.IsAsciiLetterOrDigit(code[0]) && !code.AsSpan().ContainsAnyExcept(Allowed) ? code : null;
    }

    private static bool IsLowerCase(string text) => !text.AsSpan().ContainsAnyInRange('A', 'Z');
}
