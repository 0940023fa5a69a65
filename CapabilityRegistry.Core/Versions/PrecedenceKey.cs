using System.Globalization;
using System.Text;

namespace CapabilityRegistry.Core.Versions;

/// <summary>A text whose ordinal (byte) order is SemVer's precedence, so that a database can sort and compare versions in an index.</summary>
/// <remarks>
/// Two versions have equal keys exactly when they have equal precedence. Numbers are written behind a character for the count of their digits; a release ends in <c>~</c>,
/// which sorts behind the <c>-</c> of a pre-release; every pre-release identifier ends in <c>!</c>, which sorts before all characters that an identifier can have.
/// </remarks>
public static class PrecedenceKey
{
    /// <summary>The key of a version.</summary>
    public static string Of(SemanticVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        var key = new StringBuilder(24);
        AppendNumber(key, version.Major);
        AppendNumber(key, version.Minor);
        AppendNumber(key, version.Patch);
        if (!version.IsPrerelease)
        {
            return key.Append('~').ToString();
        }

        key.Append('-');
        foreach (var identifier in version.Prerelease)
        {
            AppendIdentifier(key, identifier);
        }

        return key.ToString();
    }

    private static void AppendNumber(StringBuilder key, long number)
    {
        var digits = number.ToString(CultureInfo.InvariantCulture);
        key.Append((char)('a' + digits.Length)).Append(digits);
    }

    private static void AppendIdentifier(StringBuilder key, string identifier)
    {
        if (SemanticVersion.IsNumeric(identifier))
        {
            key.Append('0').Append(CultureInfo.InvariantCulture, $"{identifier.Length:D3}");
        }
        else
        {
            key.Append('1');
        }

        key.Append(identifier).Append('!');
    }
}
