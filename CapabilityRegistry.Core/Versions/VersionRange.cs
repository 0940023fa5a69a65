using System.Diagnostics.CodeAnalysis;

namespace CapabilityRegistry.Core.Versions;

/// <summary>A set of versions in node-semver's range grammar: <c>^1.2</c>, <c>~1.2.3</c>, <c>1.x</c>, <c>1.2 - 2.3</c>, <c>&gt;=1 &lt;3 || 5.x</c>, <c>*</c>.</summary>
/// <remarks>
/// <para>A pre-release is in the range only when a comparator of the same alternative names a pre-release of the same major.minor.patch, or when the caller asks for
/// pre-releases. Deviations from node-semver are listed in docs/version-ranges.md.</para>
/// <para>Equality is of the normalised text: two ranges that are written differently are different, even when they hold the same versions.</para>
/// </remarks>
public sealed class VersionRange : IEquatable<VersionRange>
{
    /// <summary>The most characters a range may have.</summary>
    public const int MaxLength = 2_048;

    private readonly Comparator[][] _alternatives;
    private readonly string _text;

    internal VersionRange(Comparator[][] alternatives, string text)
    {
        _alternatives = alternatives;
        _text = text;
        IsAny = text is "*";
    }

    /// <summary>Every version, <c>*</c>: what a missing range means. Still without pre-releases, unless they are asked for.</summary>
    public static VersionRange Any { get; } = Parse("*");

    /// <summary>Whether the range is written <c>*</c>. Only such a range is met by a provided service without a version.</summary>
    public bool IsAny { get; }

    /// <summary>Exactly one version; matches it also when it is a pre-release.</summary>
    public static VersionRange Exactly(SemanticVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return new([[new(ComparatorOperator.Equal, version)]], $"={version}");
    }

    /// <summary>Reads a range.</summary>
    /// <exception cref="FormatException">The text is no range; the message says why.</exception>
    public static VersionRange Parse(string text) => TryParse(text, out var range, out var error) ? range : throw new FormatException(error);

    /// <summary>Reads a range; on failure <paramref name="error"/> is a sentence that names the offending part. Time is linear in the text.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out VersionRange? range, [NotNullWhen(false)] out string? error) =>
        VersionRangeParser.TryParse(text, out range, out error);

    /// <summary>Whether a version is in the range.</summary>
    /// <param name="version">The version to test.</param>
    /// <param name="includePrerelease">Treats pre-releases as ordinary versions.</param>
    public bool Contains(SemanticVersion version, bool includePrerelease = false)
    {
        ArgumentNullException.ThrowIfNull(version);
        foreach (var alternative in _alternatives)
        {
            if (AllAllow(alternative, version, includePrerelease) && (includePrerelease || !version.IsPrerelease || Names(alternative, version)))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(VersionRange? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VersionRange);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_text);

    /// <summary>The range as it was written, white space folded.</summary>
    public override string ToString() => _text;

    private static bool AllAllow(Comparator[] alternative, SemanticVersion version, bool includePrerelease)
    {
        foreach (var comparator in alternative)
        {
            if (!comparator.Allows(version, includePrerelease))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Names(Comparator[] alternative, SemanticVersion prerelease)
    {
        foreach (var comparator in alternative)
        {
            if (comparator.Version.IsPrerelease && comparator.Version.SameNumbers(prerelease))
            {
                return true;
            }
        }

        return false;
    }
}
