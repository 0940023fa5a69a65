using CapabilityRegistry.Core.Versions;
using CsCheck;

namespace CapabilityRegistry.Tests.Core.Versions;

/// <summary>What the vectors of node-semver do not say: limits, messages, equality, and the laws between ranges.</summary>
public sealed class VersionRangeTests
{
    [Theory]
    [InlineData("^1.2.3", "1.2.3-beta", false)]
    [InlineData("^0.2.3", "0.2.3-beta", false)]
    [InlineData("^0.0.3", "0.0.3-beta", false)]
    [InlineData("~1.2.3", "1.2.3-beta", false)]
    [InlineData(">=1.2.3", "1.2.3-beta", false)]
    [InlineData("1.2.3 - 2", "1.2.3-beta", false)]
    [InlineData("1 - 2.0.0", "2.0.0-beta", true)]
    [InlineData("1 - 2.0.0", "2.0.1-beta", false)]
    [InlineData("1 - 2", "3.0.0-beta", false)]
    [InlineData("^1.0.0", "2.0.0-alpha", false)]
    [InlineData("1.x", "1.0.0-alpha", true)]
    [InlineData("~1.2", "1.2.0-alpha", true)]
    [InlineData("*", "0.0.0-0", true)]
    public void Included_prereleases_are_ordinary_versions(string range, string version, bool expected) =>
        Assert.Equal(expected, VersionRange.Parse(range).Contains(SemanticVersion.Parse(version), includePrerelease: true));

    [Theory]
    [InlineData(">=1.2.3-beta.2", "1.2.3-beta.4", true)]
    [InlineData(">=1.2.3-beta.2", "1.2.3-beta.1", false)]
    [InlineData(">=1.2.3-beta.2", "1.3.0", true)]
    [InlineData(">=1.2.3-beta.2", "1.3.0-alpha", false)]
    [InlineData("^1 || 2.0.0-rc.1", "2.0.0-rc.1", true)]
    [InlineData("^1 || 2.0.0-rc.1", "1.5.0-rc.1", false)]
    [InlineData("<2.0.0-rc.2", "2.0.0-rc.1", true)]
    [InlineData("*", "1.0.0-rc.1", false)]
    public void A_prerelease_is_in_a_range_only_when_the_range_names_one_of_the_same_numbers(string range, string version, bool expected) =>
        Assert.Equal(expected, VersionRange.Parse(range).Contains(SemanticVersion.Parse(version)));

    [Fact]
    public void A_range_has_at_most_2048_characters()
    {
        var longest = string.Join("||", Enumerable.Repeat("1.2.3", 292)) + "||12";
        Assert.Equal(2_046, longest.Length);
        Assert.True(VersionRange.TryParse($"{longest}34", out _, out _));
        Assert.False(VersionRange.TryParse($"{longest}345", out _, out var error));
        Assert.Equal("A version range has at most 2048 characters; this one has 2049.", error);
    }

    [Theory]
    [InlineData("latest", "'latest'")]
    [InlineData(">=1.2.3.4", "more than three numbers")]
    [InlineData("1.2.x || 1.b", "'b' is no version number")]
    [InlineData("^1.2.3-", "a pre-release identifier is empty")]
    [InlineData("01.x", "'01'")]
    [InlineData("9007199254740992.x", "9007199254740992 is larger than 9007199254740991")]
    [InlineData("^9007199254740991.0.0", "no version after the number 9007199254740991")]
    public void The_error_names_the_part_that_is_wrong(string text, string part)
    {
        Assert.False(VersionRange.TryParse(text, out var range, out var error));
        Assert.Null(range);
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.StartsWith($"'{text}' is no version range: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("..", error, StringComparison.Ordinal);
        Assert.Equal(error, Assert.Throws<FormatException>(() => VersionRange.Parse(text)).Message);
    }

    [Fact]
    public void The_error_quotes_no_more_than_80_characters()
    {
        Assert.False(VersionRange.TryParse(new string('q', 500), out _, out var error));
        Assert.StartsWith($"'{new string('q', 80)}…' is no version range", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_range_is_an_error_and_not_any_version() => Assert.False(VersionRange.TryParse(null, out _, out _));

    [Theory]
    [InlineData("*", true)]
    [InlineData("", true)]
    [InlineData("  ", true)]
    [InlineData(" * ", true)]
    [InlineData("x", false)]
    [InlineData(">=0.0.0", false)]
    [InlineData("* || 1.x", false)]
    public void Only_a_range_written_as_a_star_or_as_nothing_is_any(string text, bool expected) => Assert.Equal(expected, VersionRange.Parse(text).IsAny);

    [Fact]
    public void Ranges_are_equal_when_their_text_is_but_for_white_space()
    {
        Assert.Equal(VersionRange.Parse(" >=1.0.0   <2.0.0 "), VersionRange.Parse(">=1.0.0 <2.0.0"));
        Assert.Equal(VersionRange.Parse(" >=1.0.0   <2.0.0 ").GetHashCode(), VersionRange.Parse(">=1.0.0 <2.0.0").GetHashCode());
        Assert.NotEqual(VersionRange.Parse("^1.0.0"), VersionRange.Parse(">=1.0.0 <2.0.0-0"));
        Assert.Equal(">=1.0.0 <2.0.0", VersionRange.Parse(" >=1.0.0   <2.0.0 ").ToString());
    }

    [Fact]
    public void Exactly_one_version_is_in_its_own_range_even_when_it_is_a_prerelease() =>
        Gen.Select(VersionTexts.Any, VersionTexts.Any).Sample(
            (one, other) =>
            {
                var (version, candidate) = (SemanticVersion.Parse(one), SemanticVersion.Parse(other));
                var range = VersionRange.Exactly(version);
                return range.Contains(version) && range.Contains(candidate) == (candidate == version) && VersionRange.Parse(range.ToString()).Contains(version);
            },
            iter: 10_000);

    [Fact]
    public void A_comparison_of_an_included_prerelease_is_the_comparison_of_versions() =>
        Gen.Select(VersionTexts.Any, VersionTexts.Any).Sample(
            (bound, text) =>
            {
                var (limit, version) = (SemanticVersion.Parse(bound), SemanticVersion.Parse(text));
                return Contains($"<{bound}") == (version < limit) && Contains($"<={bound}") == (version <= limit) && Contains($">{bound}") == (version > limit)
                    && Contains($">={bound}") == (version >= limit) && Contains(bound) == (version == limit);

                bool Contains(string range) => VersionRange.Parse(range).Contains(version, includePrerelease: true);
            },
            iter: 20_000);

    [Fact]
    public void An_alternative_never_takes_away_and_a_further_comparator_never_adds() =>
        Gen.Select(Ranges, Ranges, VersionTexts.Any, Gen.Bool).Sample(
            (left, right, text, prerelease) =>
            {
                var version = SemanticVersion.Parse(text);
                return Contains($"{left} || {right}") == (Contains(left) || Contains(right)) && (!Contains($"{left} {right}") || version.IsPrerelease || (Contains(left) && Contains(right)));

                bool Contains(string range) => VersionRange.Parse(range).Contains(version, prerelease);
            },
            iter: 20_000);

    private static readonly Gen<string> Ranges =
        Gen.Select(Gen.OneOf("", "=", ">", ">=", "<", "<=", "^", "~"), VersionTexts.Any.Where(text => !text.Contains("9007", StringComparison.Ordinal) && text.Length < 40), (op, text) => op + text)
            .Where(text => VersionRange.TryParse(text, out _, out _));
}
