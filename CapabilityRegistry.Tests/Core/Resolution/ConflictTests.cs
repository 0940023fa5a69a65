namespace CapabilityRegistry.Tests.Core.Resolution;

/// <summary>DESIGN, resolution semantics: rule 3.</summary>
[Trait("Rule", "3")]
public sealed class ConflictTests
{
    [Fact]
    public void Versions_that_conflict_are_not_together() =>
        Assert.Equal("impossible", Registry.Of("a 1.0.0: conflicts b", "b 1.0.0").Resolve("a", "b").Chosen());

    [Fact]
    public void A_conflict_holds_whoever_declares_it() =>
        Assert.Equal("impossible", Registry.Of("a 1.0.0", "b 1.0.0: conflicts a").Resolve("a", "b").Chosen());

    [Fact]
    public void A_conflict_concerns_only_its_range() =>
        Assert.Equal("a 1.0.0, b 1.5.0", Registry.Of("a 1.0.0: conflicts b ^2", "b 1.0.0", "b 1.5.0", "b 2.0.0").Resolve("a", "b").Chosen());

    [Fact]
    public void An_older_version_without_the_conflict_is_chosen() =>
        Assert.Equal("a 1.0.0, b 1.0.0", Registry.Of("a 1.0.0", "a 2.0.0: conflicts b", "b 1.0.0").Resolve("a", "b").Chosen());

    [Fact]
    public void A_conflict_with_what_is_not_selected_is_none() => Assert.Equal("a 1.0.0", Registry.Of("a 1.0.0: conflicts b; conflicts ghost", "b 1.0.0").Resolve("a").Chosen());

    [Fact]
    public void A_conflict_with_a_service_is_one_with_all_who_provide_it() =>
        Assert.Equal("impossible", Registry.Of("a 1.0.0: conflicts mta", "postfix 1.0.0: provides mta").Resolve("a", "postfix").Chosen());

    [Theory]
    [InlineData("conflicts mta", "impossible")]
    [InlineData("conflicts mta <3", "impossible")]
    [InlineData("conflicts mta ^3", "a 1.0.0, postfix 1.0.0")]
    public void A_conflict_with_a_versioned_service_concerns_only_its_range(string conflict, string expected) =>
        Assert.Equal(expected, Registry.Of($"a 1.0.0: {conflict}", "postfix 1.0.0: provides mta 2.0.0").Resolve("a", "postfix").Chosen());

    [Theory]
    [InlineData("conflicts mta", "impossible")]
    [InlineData("conflicts mta >=0.0.0", "a 1.0.0, postfix 1.0.0")]
    public void A_service_without_a_version_is_in_conflict_only_with_a_star(string conflict, string expected) =>
        Assert.Equal(expected, Registry.Of($"a 1.0.0: {conflict}", "postfix 1.0.0: provides mta").Resolve("a", "postfix").Chosen());

    [Fact]
    public void A_version_never_conflicts_with_itself() => Assert.Equal("a 1.0.0", Registry.Of("a 1.0.0: conflicts a").Resolve("a").Chosen());

    [Fact]
    public void A_version_never_conflicts_with_itself_through_a_service_that_it_provides() =>
        Assert.Equal("postfix 1.0.0", Registry.Of("postfix 1.0.0: provides mta; conflicts mta").Resolve("postfix").Chosen());

    [Fact]
    public void Of_those_who_provide_a_service_and_conflict_with_it_one_is_selected()
    {
        var catalogue = Registry.Of("postfix 1.0.0: provides mta; conflicts mta", "exim 1.0.0: provides mta; conflicts mta", "app 1.0.0: needs mta; needs exim");
        Assert.Equal("app 1.0.0, exim 1.0.0", catalogue.Resolve("app").Chosen());
        Assert.Equal("impossible", catalogue.Resolve("app", "postfix").Chosen());
    }

    [Fact]
    public void Who_is_needed_and_in_conflict_at_once_cannot_be() =>
        Assert.Equal("impossible", Registry.Of("a 1.0.0: needs b; conflicts b", "b 1.0.0").Resolve("a").Chosen());

    [Fact]
    public void A_conflict_makes_the_next_alternative_the_one() =>
        Assert.Equal(
            "app 1.0.0, garnet 1.0.0, strict 1.0.0",
            Registry.Of("app 1.0.0: needs redis or garnet", "redis 1.0.0", "garnet 1.0.0", "strict 1.0.0: conflicts redis").Resolve("app", "strict").Chosen());
}
