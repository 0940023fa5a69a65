using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Tests.Core.Versions;

/// <summary>SemVer 2.0.0, sections 2 to 10. The lists are those of the page that semver.org links to for its regular expression.</summary>
public sealed class SemanticVersionTests
{
    public static TheoryData<string> Valid =>
    [
        "0.0.4", "1.2.3", "10.20.30", "1.1.2-prerelease+meta", "1.1.2+meta", "1.1.2+meta-valid", "1.0.0-alpha", "1.0.0-beta", "1.0.0-alpha.beta", "1.0.0-alpha.beta.1",
        "1.0.0-alpha.1", "1.0.0-alpha0.valid", "1.0.0-alpha.0valid", "1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay", "1.0.0-rc.1+build.1", "2.0.0-rc.1+build.123",
        "1.2.3-beta", "10.2.3-DEV-SNAPSHOT", "1.2.3-SNAPSHOT-123", "1.0.0", "2.0.0", "1.1.7", "2.0.0+build.1848", "2.0.1-alpha.1227", "1.0.0-alpha+beta",
        "1.2.3----RC-SNAPSHOT.12.9.1--.12+788", "1.2.3----R-S.12.9.1--.12+meta", "1.2.3----RC-SNAPSHOT.12.9.1--.12", "1.0.0+0.build.1-rc.10000aaa-kk-0.1", "1.0.0-0A.is.legal",
        "1.0.0-0", "0.0.0", "1.0.0+001", "1.0.0--", "1.0.0-99999999999999999999", "9007199254740991.9007199254740991.9007199254740991",
    ];

    public static TheoryData<string> Invalid =>
    [
        "1", "1.2", "1.2.3-0123", "1.2.3-0123.0123", "1.1.2+.123", "+invalid", "-invalid", "-invalid+invalid", "-invalid.01", "alpha", "alpha.beta", "alpha.beta.1", "alpha.1",
        "alpha+beta", "alpha_beta", "alpha.", "alpha..", "beta", "1.0.0-alpha_beta", "-alpha.", "1.0.0-alpha..", "1.0.0-alpha..1", "1.0.0-alpha...1", "1.0.0-alpha....1",
        "1.0.0-alpha.....1", "1.0.0-alpha......1", "1.0.0-alpha.......1", "01.1.1", "1.01.1", "1.1.01", "1.2.3.DEV", "1.2-SNAPSHOT",
        "1.2.31.2.3----RC-SNAPSHOT.12.09.1--..12+788", "1.2-RC-SNAPSHOT", "-1.0.3-gamma+b7718", "+justmeta", "9.8.7+meta+meta", "9.8.7-whatever+meta+meta",
        "99999999999999999999999.999999999999999999.99999999999999999----RC-SNAPSHOT.12.09.1--------------------------------..12", "", " 1.0.0", "1.0.0 ", "1.0.0\n", "v1.0.0",
        "1.0.0-", "1.0.0+", "1.0.0-+meta", "1.0.0-é", "１.0.0", "1.٠.0", "1,0,0", "1.0.0-a b", "1.0.0\0",
    ];

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_valid_version_is_read_and_written_back_as_it_came(string text)
    {
        Assert.True(SemanticVersion.TryParse(text, out var version, out var error), error);
        Assert.Equal(text, version.ToString());
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void An_invalid_version_is_refused_with_a_sentence(string text)
    {
        Assert.False(SemanticVersion.TryParse(text, out var version, out var error));
        Assert.Null(version);
        Assert.EndsWith(".", error, StringComparison.Ordinal);
        Assert.Equal(error, Assert.Throws<FormatException>(() => SemanticVersion.Parse(text)).Message);
    }

    [Fact]
    public void A_missing_version_is_refused() => Assert.False(SemanticVersion.TryParse(null, out _, out _));

    [Theory]
    [InlineData("01.0.0", "the major number has a leading zero")]
    [InlineData("1.02.0", "the minor number has a leading zero")]
    [InlineData("1.0.03", "the patch number has a leading zero")]
    [InlineData("x.0.0", "the major number is missing")]
    [InlineData("1..0", "the minor number is missing")]
    [InlineData("1.0.", "the patch number is missing")]
    [InlineData("1.2", "a version has three numbers")]
    [InlineData("1.2.3.4", "unexpected '.' at position 5")]
    [InlineData("1.2.3-01", "the pre-release identifier '01' has a leading zero")]
    [InlineData("1.2.3-a..b", "a pre-release identifier is empty")]
    [InlineData("1.2.3-a_b", "the pre-release identifier 'a_b' has a character")]
    [InlineData("1.2.3+", "a build identifier is empty")]
    [InlineData("1.2.3+a$b", "the build identifier 'a$b' has a character")]
    [InlineData("9007199254740992.0.0", "the major number 9007199254740992 is larger than 9007199254740991")]
    [InlineData("1.9007199254740992.0", "the minor number 9007199254740992 is larger than 9007199254740991")]
    [InlineData("1.0.99999999999999999999999999", "the patch number 99999999999999999999999999 is larger than 9007199254740991")]
    public void The_error_names_the_part_that_is_wrong(string text, string part)
    {
        Assert.False(SemanticVersion.TryParse(text, out _, out var error));
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.Contains($"'{text}'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_has_at_most_256_characters()
    {
        Assert.True(SemanticVersion.TryParse($"1.0.0-{new string('a', 250)}", out _));
        Assert.False(SemanticVersion.TryParse($"1.0.0-{new string('a', 251)}", out _, out var error));
        Assert.Equal("A version has at most 256 characters; this one has 257.", error);
    }

    [Fact]
    public void The_parts_of_a_version_are_there_one_by_one()
    {
        var version = SemanticVersion.Parse("1.22.333-rc.1+build.9");

        Assert.Equal((1, 22, 333), (version.Major, version.Minor, version.Patch));
        Assert.Equal(["rc", "1"], version.Prerelease);
        Assert.True(version.IsPrerelease);
        Assert.False(SemanticVersion.Parse("1.0.0+build-1").IsPrerelease);
    }

    [Fact]
    public void A_version_made_of_parts_is_the_version_read_from_its_text()
    {
        Assert.Equal("1.2.3-rc.1", SemanticVersion.Of(1, 2, 3, ["rc", "1"]).ToString());
        Assert.Equal(SemanticVersion.Parse("1.2.3-rc.1"), SemanticVersion.Of(1, 2, 3, ["rc", "1"]));
    }

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(0, -1, 0)]
    [InlineData(0, 0, SemanticVersion.MaxNumber + 1)]
    public void Numbers_out_of_bounds_make_no_version(long major, long minor, long patch) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SemanticVersion.Of(major, minor, patch));
}
