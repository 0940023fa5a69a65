using CapabilityRegistry.Core.Versions;
using CsCheck;

namespace CapabilityRegistry.Tests.Core.Versions;

/// <summary>SemVer 2.0.0, section 11, for versions and for the keys by which a database sorts them.</summary>
public sealed class PrecedenceTests
{
    /// <summary>The examples of section 11 and what lies between them, ascending.</summary>
    private static readonly string[] Ascending =
    [
        "0.0.0-0", "0.0.0", "0.9.9", "1.0.0-0", "1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-99999999999999999998", "1.0.0-99999999999999999999", "1.0.0-100000000000000000000", "1.0.0--",
        "1.0.0-0a", "1.0.0-A", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.1.0", "1.0.0-alpha.2", "1.0.0-alpha.beta", "1.0.0-alpha-", "1.0.0-alpha-.1", "1.0.0-alpha0", "1.0.0-beta",
        "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1-alpha", "1.0.1", "1.0.2", "1.0.10", "1.1.0", "1.2.0", "1.10.0", "2.0.0", "2.1.0", "2.1.1", "10.0.0", "9007199254740991.0.0",
    ];

    [Fact]
    public void The_specifications_examples_are_in_order()
    {
        string[] chain = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "2.0.0", "2.1.0", "2.1.1"];
        Assert.Equal(chain, chain.Select(SemanticVersion.Parse).OrderDescending().Reverse().Select(v => v.ToString()));
    }

    [Fact]
    public void Every_version_of_the_list_is_lower_than_all_that_follow()
    {
        for (var i = 0; i < Ascending.Length; i++)
        {
            for (var j = 0; j < Ascending.Length; j++)
            {
                var (left, right) = (SemanticVersion.Parse(Ascending[i]), SemanticVersion.Parse(Ascending[j]));
                Assert.Equal(Math.Sign(i - j), Math.Sign(left.CompareTo(right)));
                Assert.Equal(Math.Sign(i - j), Math.Sign(string.CompareOrdinal(PrecedenceKey.Of(left), PrecedenceKey.Of(right))));
                Assert.Equal((i < j, i <= j, i > j, i >= j, i == j, i != j), (left < right, left <= right, left > right, left >= right, left == right, left != right));
            }
        }
    }

    [Fact]
    public void A_prerelease_sorts_before_its_release() => Assert.True(SemanticVersion.Parse("1.0.0-rc.1") < SemanticVersion.Parse("1.0.0"));

    [Theory]
    [InlineData("1.0.0+a", "1.0.0+b")]
    [InlineData("1.0.0", "1.0.0+b")]
    [InlineData("1.0.0-rc.1+a", "1.0.0-rc.1")]
    public void Build_metadata_takes_no_part_in_equality_order_hash_and_key(string one, string other)
    {
        var (left, right) = (SemanticVersion.Parse(one), SemanticVersion.Parse(other));
        Assert.Equal(left, right);
        Assert.Equal(0, left.CompareTo(right));
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.Equal(PrecedenceKey.Of(left), PrecedenceKey.Of(right));
    }

    [Fact]
    public void Nothing_is_lower_than_every_version()
    {
        SemanticVersion? nothing = null;
        var version = SemanticVersion.Parse("0.0.0-0");

        Assert.True(nothing < version && version > nothing && nothing <= version && nothing != version && nothing == null);
        Assert.Equal(1, version.CompareTo(null));
        Assert.Throws<ArgumentException>(() => version.CompareTo("0.0.0-0"));
    }

    [Fact]
    public void The_order_of_keys_is_the_order_of_versions() =>
        Gen.Select(VersionTexts.Any, VersionTexts.Any).Sample(
            (one, other) =>
            {
                var (left, right) = (SemanticVersion.Parse(one), SemanticVersion.Parse(other));
                var order = Math.Sign(left.CompareTo(right));
                return order == Math.Sign(string.CompareOrdinal(PrecedenceKey.Of(left), PrecedenceKey.Of(right)))
                    && order == -Math.Sign(right.CompareTo(left))
                    && (order == 0) == left.Equals(right)
                    && (order != 0 || left.GetHashCode() == right.GetHashCode());
            },
            iter: 50_000);

    [Fact]
    public void A_key_is_plain_ASCII_and_at_most_three_times_as_long_as_a_version_may_be() =>
        VersionTexts.Any.Sample(text => PrecedenceKey.Of(SemanticVersion.Parse(text)) is { Length: <= 3 * SemanticVersion.MaxLength } key && key.All(char.IsAscii), iter: 5_000);

    [Fact]
    public void Order_is_transitive() =>
        VersionTexts.Any.Array[3].Sample(
            texts =>
            {
                var sorted = texts.Select(SemanticVersion.Parse).Order().ToArray();
                return sorted[0] <= sorted[1] && sorted[1] <= sorted[2] && sorted[0] <= sorted[2];
            },
            iter: 20_000);

    [Fact]
    public void What_is_written_is_read_again_as_the_same_version() =>
        VersionTexts.Any.Sample(text => SemanticVersion.Parse(text).ToString() == text && SemanticVersion.Parse(text).Equals(SemanticVersion.Parse(text)), iter: 5_000);
}
