using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CapabilityRegistry.Core.Versions;

/// <summary>A version by Semantic Versioning 2.0.0 (https://semver.org/spec/v2.0.0.html).</summary>
/// <remarks>
/// <para>Equality and order are SemVer's precedence (section 11): build metadata is kept for display and takes no part. A registry can therefore hold only one of
/// <c>1.0.0+a</c> and <c>1.0.0+b</c>.</para>
/// <para>Major, minor and patch are at most <see cref="MaxNumber"/>, as in node-semver, so that a JSON consumer can hold them; numeric pre-release identifiers have no
/// limit of their own and are compared exactly.</para>
/// </remarks>
public sealed class SemanticVersion : IEquatable<SemanticVersion>, IComparable<SemanticVersion>, IComparable
{
    /// <summary>The greatest major, minor or patch number: 2^53 - 1.</summary>
    public const long MaxNumber = 9_007_199_254_740_991;

    /// <summary>The most characters a version may have.</summary>
    public const int MaxLength = 256;

    private readonly string[] _prerelease;
    private readonly string _text;

    private SemanticVersion(long major, long minor, long patch, string[] prerelease, string text)
    {
        Major = major;
        Minor = minor;
        Patch = patch;
        _prerelease = prerelease;
        _text = text;
    }

    /// <summary>The major number.</summary>
    public long Major { get; }

    /// <summary>The minor number.</summary>
    public long Minor { get; }

    /// <summary>The patch number.</summary>
    public long Patch { get; }

    /// <summary>The dot-separated pre-release identifiers; empty for a release.</summary>
    public IReadOnlyList<string> Prerelease => _prerelease;

    /// <summary>Whether the version has pre-release identifiers.</summary>
    public bool IsPrerelease => _prerelease.Length > 0;

    /// <summary>A version without build metadata, made of checked parts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative or above <see cref="MaxNumber"/>.</exception>
    public static SemanticVersion Of(long major, long minor, long patch, IReadOnlyList<string>? prerelease = null)
    {
        ThrowIfOutside(major);
        ThrowIfOutside(minor);
        ThrowIfOutside(patch);
        var identifiers = prerelease?.ToArray() ?? [];
        var core = string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}.{patch}");
        return new(major, minor, patch, identifiers, identifiers.Length == 0 ? core : $"{core}-{string.Join('.', identifiers)}");
    }

    /// <summary>Reads a version.</summary>
    /// <exception cref="FormatException">The text is no SemVer 2.0.0 version; the message says why.</exception>
    public static SemanticVersion Parse(string text) =>
        TryParse(text, out var version, out var error) ? version : throw new FormatException(error);

    /// <inheritdoc cref="TryParse(string?, out SemanticVersion?, out string?)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out SemanticVersion? version) => TryParse(text, out version, out _);

    /// <summary>Reads a version; on failure <paramref name="error"/> is a sentence that names the offending part.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out SemanticVersion? version, [NotNullWhen(false)] out string? error)
    {
        version = null;
        if (string.IsNullOrEmpty(text))
        {
            error = "A version is missing.";
            return false;
        }

        if (text.Length > MaxLength)
        {
            error = $"A version has at most {MaxLength} characters; this one has {text.Length}.";
            return false;
        }

        var reader = new VersionReader(text);
        if (!reader.ReadCore(out var major, out var minor, out var patch) || !reader.ReadSuffixes(out var prerelease) || !reader.AtEnd())
        {
            error = reader.Error!;
            return false;
        }

        error = null;
        version = new(major, minor, patch, prerelease, text);
        return true;
    }

    /// <summary>SemVer precedence; build metadata is ignored.</summary>
    public int CompareTo(SemanticVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = Major.CompareTo(other.Major);
        order = order != 0 ? order : Minor.CompareTo(other.Minor);
        order = order != 0 ? order : Patch.CompareTo(other.Patch);
        return order != 0 ? order : ComparePrerelease(_prerelease, other._prerelease);
    }

    /// <inheritdoc/>
    public int CompareTo(object? obj) =>
        obj is null or SemanticVersion ? CompareTo(obj as SemanticVersion) : throw new ArgumentException("Not a semantic version.", nameof(obj));

    /// <inheritdoc/>
    public bool Equals(SemanticVersion? other) => other is not null && CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SemanticVersion);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Major);
        hash.Add(Minor);
        hash.Add(Patch);
        foreach (var identifier in _prerelease)
        {
            hash.Add(identifier, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    /// <summary>The version as it was written, build metadata included.</summary>
    public override string ToString() => _text;

    /// <summary>Whether the three numbers are equal, whatever the pre-release.</summary>
    internal bool SameNumbers(SemanticVersion other) => Major == other.Major && Minor == other.Minor && Patch == other.Patch;

    public static bool operator ==(SemanticVersion? left, SemanticVersion? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(SemanticVersion? left, SemanticVersion? right) => !(left == right);

    public static bool operator <(SemanticVersion? left, SemanticVersion? right) => left is null ? right is not null : left.CompareTo(right) < 0;

    public static bool operator <=(SemanticVersion? left, SemanticVersion? right) => left is null || left.CompareTo(right) <= 0;

    public static bool operator >(SemanticVersion? left, SemanticVersion? right) => right < left;

    public static bool operator >=(SemanticVersion? left, SemanticVersion? right) => right <= left;

    private static int ComparePrerelease(string[] left, string[] right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return right.Length.CompareTo(left.Length);
        }

        for (var i = 0; i < left.Length && i < right.Length; i++)
        {
            var order = CompareIdentifiers(left[i], right[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private static int CompareIdentifiers(string left, string right) => (IsNumeric(left), IsNumeric(right)) switch
    {
        (true, true) when left.Length != right.Length => left.Length.CompareTo(right.Length),
        (true, false) => -1,
        (false, true) => 1,
        _ => string.CompareOrdinal(left, right),
    };

    internal static bool IsNumeric(string identifier) => !identifier.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static void ThrowIfOutside(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, MaxNumber);
    }
}
