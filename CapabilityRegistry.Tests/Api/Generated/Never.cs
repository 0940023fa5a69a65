namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>Makes from a value one of the same shape and length that never existed.</summary>
internal static class Never
{
    public static string Of(string value)
    {
        // Random digits of an id are at its end; of a code, a cursor or a tag every character counts, the last one of base64 not always.
        var at = Guid.TryParse(value, out _) ? value.Length - 1 : Enumerable.Range(0, value.Length).Last(i => i <= value.Length / 2 && char.IsAsciiLetterOrDigit(value[i]));
        return $"{value[..at]}{Next(value[at])}{value[(at + 1)..]}";
    }

    private static char Next(char c) => c switch
    {
        '9' => '4',
        'f' => 'c',
        'z' => 'm',
        'Z' => 'M',
        _ => (char)(c + 1),
    };
}
