using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Tests.Core.Manifests;

public sealed class NearestNameTests
{
    private static readonly string[] Known = ["version", "description", "long_description", "dependencies", "category", "subcategory", "use_cases", "page", "per_page"];

    [Theory]
    [InlineData("versoin", "version")]
    [InlineData("Version", "version")]
    [InlineData("desciption", "description")]
    [InlineData("dependency", "dependencies")]
    [InlineData("use_case", "use_cases")]
    [InlineData("usecases", "use_cases")]
    [InlineData("categorie", "category")]
    [InlineData("perpage", "per_page")]
    [InlineData("pages", "page")]
    [InlineData("vers", "version")]
    public void A_slip_of_the_keyboard_is_recognised(string unknown, string expected) => Assert.Equal(expected, NearestName.Of(unknown, Known));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("q")]
    [InlineData("colour")]
    [InlineData("author")]
    [InlineData("ver")]
    public void What_is_far_from_everything_has_no_nearest_name(string unknown) => Assert.Null(NearestName.Of(unknown, Known));

    [Fact]
    public void Of_two_names_that_are_equally_near_the_first_in_ordinal_order_is_meant() => Assert.Equal("cab", NearestName.Of("caz", ["cat", "car", "cab"]));

    [Fact]
    public void Text_of_more_than_64_characters_is_not_compared() => Assert.Null(NearestName.Of(new string('a', 65), [new string('a', 66)]));

    [Fact]
    public void Nothing_is_near_where_nothing_is_known() => Assert.Null(NearestName.Of("version", []));

    [Fact]
    public void The_hint_is_a_sentence_behind_a_space_or_nothing()
    {
        Assert.Equal(" Did you mean 'version'?", NearestName.Hint("verson", Known));
        Assert.Equal("", NearestName.Hint("colour", Known));
    }
}
