using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CapabilityRegistry.Core.Versions;

/// <summary>Desugars node-semver's range grammar (https://github.com/npm/node-semver#range-grammar) to primitive comparators.</summary>
internal static partial class VersionRangeParser
{
    /// <summary>The bound of an exclusive upper end: below the first pre-release of the next version, so that <c>^1.0.0</c> leaves out <c>2.0.0-alpha</c> too.</summary>
    private static readonly string[] First = ["0"];

    private static readonly Comparator Nothing = new(ComparatorOperator.Less, SemanticVersion.Of(0, 0, 0, First));

    public static bool TryParse(string? text, [NotNullWhen(true)] out VersionRange? range, [NotNullWhen(false)] out string? error)
    {
        range = null;
        if (text is null)
        {
            error = "A version range is missing.";
            return false;
        }

        if (text.Length > VersionRange.MaxLength)
        {
            error = $"A version range has at most {VersionRange.MaxLength} characters; this one has {text.Length}.";
            return false;
        }

        try
        {
            var alternatives = text.Split("||").Select(ParseAlternative).ToArray();
            var normal = Whitespace().Replace(text.Trim(), " ");
            range = new(alternatives, normal.Length == 0 ? "*" : normal);
            error = null;
            return true;
        }
        catch (FormatException exception)
        {
            error = $"'{(text.Length > 80 ? text[..80] + "…" : text)}' is no version range: {exception.Message}.";
            return false;
        }
    }

    private static Comparator[] ParseAlternative(string text)
    {
        var hyphen = Hyphen().Match(text);
        if (hyphen.Success)
        {
            return Between(Partial.Parse(hyphen.Groups["from"].Value), Partial.Parse(hyphen.Groups["to"].Value));
        }

        var joined = OperatorGap().Replace(text.Trim(), "${operator}");
        return [.. joined.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(ParseSimple)];
    }

    private static Comparator[] ParseSimple(string text)
    {
        var match = Simple().Match(text);
        if (!match.Success)
        {
            throw new FormatException($"'{text}' is no comparator");
        }

        var version = Partial.Parse(match.Groups["version"].Value);
        return match.Groups["operator"].Value switch
        {
            "^" => Caret(version),
            "~" or "~>" => Tilde(version),
            ">" => Greater(version),
            ">=" => version.Major is null ? [] : [AtLeast(version)],
            "<" => version.Major is null ? [Nothing] : [version.IsFull ? new(ComparatorOperator.Less, version.Lowest) : Below(version.Lowest)],
            "<=" => version.Major is null ? [] : [AtMost(version)],
            _ => Equal(version),
        };
    }

    private static Comparator[] Caret(Partial version) => version switch
    {
        { Major: null } => [],
        { Major: > 0 } or { Minor: null } => [AtLeast(version), Below(version.NextMajor)],
        { Minor: > 0 } or { Patch: null } => [AtLeast(version), Below(version.NextMinor)],
        _ => [AtLeast(version), Below(version.NextPatch)],
    };

    private static Comparator[] Tilde(Partial version) => version switch
    {
        { Major: null } => [],
        { Minor: null } => [AtLeast(version), Below(version.NextMajor)],
        _ => [AtLeast(version), Below(version.NextMinor)],
    };

    private static Comparator[] Greater(Partial version) => version switch
    {
        { Major: null } => [Nothing],
        { Minor: null } => [new(ComparatorOperator.GreaterOrEqual, version.NextMajor, Padded: true)],
        { Patch: null } => [new(ComparatorOperator.GreaterOrEqual, version.NextMinor, Padded: true)],
        _ => [new(ComparatorOperator.Greater, version.Lowest)],
    };

    private static Comparator[] Equal(Partial version) => version switch
    {
        { Major: null } => [],
        { Minor: null } => [AtLeast(version), Below(version.NextMajor)],
        { Patch: null } => [AtLeast(version), Below(version.NextMinor)],
        _ => [new(ComparatorOperator.Equal, version.Lowest)],
    };

    private static Comparator[] Between(Partial from, Partial to)
    {
        Comparator[] lower = from.Major is null ? [] : [AtLeast(from)];
        Comparator[] upper = to.Major is null ? [] : [AtMost(to)];
        return [.. lower, .. upper];
    }

    private static Comparator AtLeast(Partial version) => new(ComparatorOperator.GreaterOrEqual, version.Lowest, Padded: !version.IsFull);

    private static Comparator AtMost(Partial version) => version switch
    {
        { Minor: null } => Below(version.NextMajor),
        { Patch: null } => Below(version.NextMinor),
        _ => new(ComparatorOperator.LessOrEqual, version.Lowest),
    };

    private static Comparator Below(SemanticVersion version) =>
        new(ComparatorOperator.Less, SemanticVersion.Of(version.Major, version.Minor, version.Patch, First));

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whitespace();

    [GeneratedRegex(@"^\s*(?<from>\S+)\s+-\s+(?<to>\S+)\s*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hyphen();

    [GeneratedRegex(@"(?<operator>[<>=~^])\s+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OperatorGap();

    [GeneratedRegex(@"^(?<operator>~>|[<>]=?|=|~|\^|)(?<version>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Simple();

    /// <summary>A version whose tail may be missing or <c>x</c>. A missing part makes every later part missing.</summary>
    private readonly record struct Partial(long? Major, long? Minor, long? Patch, SemanticVersion? Full)
    {
        public bool IsFull => Full is not null;

        /// <summary>The version itself, or the partial completed with zeros.</summary>
        public SemanticVersion Lowest => Full ?? SemanticVersion.Of(Major ?? 0, Minor ?? 0, Patch ?? 0);

        public SemanticVersion NextMajor => Next(Major, n => SemanticVersion.Of(n, 0, 0));

        public SemanticVersion NextMinor
        {
            get
            {
                var major = Major ?? 0;
                return Next(Minor, n => SemanticVersion.Of(major, n, 0));
            }
        }

        public SemanticVersion NextPatch
        {
            get
            {
                var (major, minor) = (Major ?? 0, Minor ?? 0);
                return Next(Patch, n => SemanticVersion.Of(major, minor, n));
            }
        }

        public static Partial Parse(string text)
        {
            var bare = text.AsSpan().TrimStart("v=").ToString();
            if (bare.Length == 0)
            {
                return text.Length == 0 ? default : throw new FormatException($"'{text}' has no version");
            }

            var suffix = bare.AsSpan().IndexOfAny('-', '+');
            var parts = (suffix < 0 ? bare : bare[..suffix]).Split('.');
            if (parts.Length > 3)
            {
                throw new FormatException($"'{bare}' has more than three numbers");
            }

            var wild = parts.Length < 3 || parts.Any(IsWildcard);
            if (wild)
            {
                return Wild(parts);
            }

            return SemanticVersion.TryParse(bare, out var version, out var error)
                ? new(version.Major, version.Minor, version.Patch, version)
                : throw new FormatException(error.TrimEnd('.'));
        }

        private static Partial Wild(string[] parts)
        {
            var numbers = new long?[3];
            for (var i = 0; i < parts.Length; i++)
            {
                if (IsWildcard(parts[i]))
                {
                    continue;
                }

                var digits = parts[i];
                if (digits.Length == 0 || !SemanticVersion.IsNumeric(digits) || (digits.Length > 1 && digits[0] == '0'))
                {
                    throw new FormatException($"'{digits}' is no version number");
                }

                numbers[i] = digits.Length <= 16 && long.Parse(digits, CultureInfo.InvariantCulture) is <= SemanticVersion.MaxNumber and var number
                    ? number
                    : throw new FormatException($"the number {digits} is larger than {SemanticVersion.MaxNumber}");
            }

            var minor = numbers[0] is null ? null : numbers[1];
            return new(numbers[0], minor, minor is null ? null : numbers[2], Full: null);
        }

        private static bool IsWildcard(string part) => part is "x" or "X" or "*";

        private static SemanticVersion Next(long? number, Func<long, SemanticVersion> make) =>
            number < SemanticVersion.MaxNumber
                ? make(number.Value + 1)
                : throw new FormatException($"there is no version after the number {number}");
    }
}
