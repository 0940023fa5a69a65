using System.Buffers;
using System.Globalization;

namespace CapabilityRegistry.Core.Versions;

/// <summary>One pass over the text of a version. After a method has answered false, <see cref="Error"/> is a sentence that says why.</summary>
internal ref struct VersionReader(string text)
{
    private static readonly SearchValues<char> IdentifierCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-");

    private readonly string _text = text;
    private int _position;

    public string? Error { get; private set; }

    public bool ReadCore(out long major, out long minor, out long patch)
    {
        minor = patch = 0;
        return ReadNumber("major", out major) && ReadDot() && ReadNumber("minor", out minor) && ReadDot() && ReadNumber("patch", out patch);
    }

    public bool ReadSuffixes(out string[] prerelease)
    {
        prerelease = [];
        return (!Take('-') || ReadIdentifiers("pre-release", numericMayLeadWithZero: false, out prerelease))
            && (!Take('+') || ReadIdentifiers("build", numericMayLeadWithZero: true, out _));
    }

    public bool AtEnd() => _position == _text.Length || Fail($"unexpected '{_text[_position]}' at position {_position}");

    private bool ReadNumber(string part, out long number)
    {
        number = 0;
        var rest = _text.AsSpan(_position);
        var length = rest.IndexOfAnyExceptInRange('0', '9');
        var digits = length < 0 ? rest : rest[..length];
        if (digits.IsEmpty)
        {
            return Fail($"the {part} number is missing");
        }

        if (digits.Length > 1 && digits[0] == '0')
        {
            return Fail($"the {part} number has a leading zero");
        }

        if (digits.Length > 16 || (number = long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture)) > SemanticVersion.MaxNumber)
        {
            return Fail($"the {part} number {digits} is larger than {SemanticVersion.MaxNumber}");
        }

        _position += digits.Length;
        return true;
    }

    private bool ReadDot() => Take('.') || Fail("a version has three numbers, major.minor.patch");

    private bool Take(char expected)
    {
        if (_position == _text.Length || _text[_position] != expected)
        {
            return false;
        }

        _position++;
        return true;
    }

    private bool ReadIdentifiers(string part, bool numericMayLeadWithZero, out string[] identifiers)
    {
        identifiers = [];
        var rest = _text.AsSpan(_position);
        var end = part == "pre-release" ? rest.IndexOf('+') : -1;
        var span = end < 0 ? rest : rest[..end];
        var parts = span.ToString().Split('.');
        foreach (var identifier in parts)
        {
            if (identifier.Length == 0)
            {
                return Fail($"a {part} identifier is empty");
            }

            if (identifier.AsSpan().ContainsAnyExcept(IdentifierCharacters))
            {
                return Fail($"the {part} identifier '{identifier}' has a character other than letters, digits and '-'");
            }

            if (!numericMayLeadWithZero && identifier.Length > 1 && identifier[0] == '0' && SemanticVersion.IsNumeric(identifier))
            {
                return Fail($"the {part} identifier '{identifier}' has a leading zero");
            }
        }

        _position += span.Length;
        identifiers = parts;
        return true;
    }

    private bool Fail(string why)
    {
        Error = $"'{_text}' is no SemVer 2.0.0 version: {why}.";
        return false;
    }
}
