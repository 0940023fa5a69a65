using CapabilityRegistry.Core.Resolution;

namespace CapabilityRegistry.Tests.Core.Resolution;

/// <summary>DESIGN, resolution semantics: pre-releases.</summary>
[Trait("Rule", "2")]
public sealed class PrereleaseTests
{
    [Theory]
    [InlineData("a", "a 1.0.0")]
    [InlineData("a >=2.0.0-beta", "a 2.0.0-rc.1")]
    [InlineData("a ^2", "impossible")]
    [InlineData("a 3.0.0-alpha", "a 3.0.0-alpha")]
    public void A_prerelease_is_chosen_only_when_the_range_names_one(string requirement, string expected) =>
        Assert.Equal(expected, Registry.Of("a 1.0.0", "a 2.0.0-beta", "a 2.0.0-rc.1", "a 3.0.0-alpha").Resolve(requirement).Chosen());

    [Theory]
    [InlineData("a", "a 3.0.0-alpha")]
    [InlineData("a ^1", "a 1.0.0")]
    [InlineData("a 2.x", "a 2.0.0-rc.1")]
    [InlineData("a ^2.0.0", "impossible")]
    public void Prereleases_are_ordinary_versions_when_asked_for(string requirement, string expected) =>
        Assert.Equal(expected, Registry.Of("a 1.0.0", "a 2.0.0-beta", "a 2.0.0-rc.1", "a 3.0.0-alpha").Resolve(Registry.Asking(requirement) with { IncludePrerelease = true }).Chosen());

    [Fact]
    public void Asking_for_prereleases_concerns_dependencies_too()
    {
        var catalogue = Registry.Of("app 1.0.0: needs lib 2.x", "lib 2.0.0-beta");
        Assert.Equal("impossible", catalogue.Resolve("app").Chosen());
        Assert.Equal("app 1.0.0, lib 2.0.0-beta", catalogue.Resolve(Registry.Asking("app") with { IncludePrerelease = true }).Chosen());
    }

    [Theory]
    [InlineData("sql", false, "pg 1.0.0")]
    [InlineData("sql 15.x", false, "impossible")]
    [InlineData("sql 15.x", true, "pg 1.0.0")]
    [InlineData("sql >=15.0.0-beta", false, "pg 1.0.0")]
    public void A_service_may_be_provided_as_a_prerelease(string requirement, bool include, string expected) =>
        Assert.Equal(expected, Registry.Of("pg 1.0.0: provides sql 15.0.0-beta").Resolve(Registry.Asking(requirement) with { IncludePrerelease = include }).Chosen());

    [Fact]
    public void A_prerelease_that_provides_a_service_does_when_no_release_does()
    {
        Assert.Equal("pg 2.0.0-beta", Registry.Of("pg 2.0.0-beta: provides sql").Resolve("sql").Chosen());
        Assert.Equal("b 1.0.0", Registry.Of("a 2.0.0-beta: provides sql", "b 1.0.0: provides sql").Resolve("sql").Chosen());
    }

    [Fact]
    public void A_locked_prerelease_must_still_be_in_the_range() =>
        Assert.Equal("a 1.0.0", Registry.Of("a 1.0.0", "a 2.0.0-beta").Resolve(Registry.Asking("a").With("a 2.0.0-beta")).Chosen());

    [Fact]
    public void A_conflict_has_no_hold_on_a_prerelease_that_its_range_does_not_name()
    {
        var catalogue = Registry.Of("a 1.0.0: conflicts b", "b 1.0.0-beta");
        Assert.Equal("a 1.0.0, b 1.0.0-beta", catalogue.Resolve("a", "b 1.0.0-beta").Chosen());
        Assert.Equal(ResolutionStatus.Impossible, Resolver.CanResolve(catalogue, Registry.Asking("a", "b 1.0.0-beta") with { IncludePrerelease = true }));
    }
}
