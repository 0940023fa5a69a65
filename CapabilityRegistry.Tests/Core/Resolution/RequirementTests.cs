using CapabilityRegistry.Core.Resolution;

namespace CapabilityRegistry.Tests.Core.Resolution;

/// <summary>DESIGN, resolution semantics: rules 1 and 2.</summary>
[Trait("Rule", "1, 2")]
public sealed class RequirementTests
{
    [Fact]
    public void Nothing_asked_for_is_met_by_nothing()
    {
        var outcome = Registry.Of("app 1.0.0").Resolve();
        Assert.Equal(ResolutionStatus.Resolved, outcome.Status);
        Assert.Empty(outcome.Selected);
        Assert.Empty(outcome.LoadOrder.Ranks);
    }

    [Fact]
    public void A_required_dependency_is_followed_on_and_on() =>
        Assert.Equal("app 1.0.0, cache 1.0.0, db 2.0.0", Registry.Of("app 1.0.0: needs db ^2", "db 1.0.0", "db 2.0.0: needs cache", "cache 1.0.0", "other 1.0.0").Resolve("app").Chosen());

    [Fact]
    public void One_version_of_a_capability_is_in_a_solution() =>
        Assert.Equal("impossible", Registry.Of("app 1.0.0: needs left; needs right", "left 1.0.0: needs lib ^1", "right 1.0.0: needs lib ^2", "lib 1.0.0", "lib 2.0.0").Resolve("app").Chosen());

    [Fact]
    public void One_version_must_do_for_all_who_need_it() =>
        Assert.Equal(
            "left 1.0.0, lib 1.4.0, right 1.0.0",
            Registry.Of("left 1.0.0: needs lib >=1.2.0", "right 1.0.0: needs lib <1.5.0", "lib 1.0.0", "lib 1.4.0", "lib 1.6.0").Resolve("left", "right").Chosen());

    [Fact]
    public void A_requirement_on_the_same_name_twice_means_both() =>
        Assert.Equal("lib 1.4.0", Registry.Of("lib 1.0.0", "lib 1.4.0", "lib 1.6.0").Resolve("lib >=1.2.0", "lib <1.5.0").Chosen());

    [Fact]
    public void A_version_that_declares_the_same_dependency_twice_needs_it_once() =>
        Assert.Equal("app 1.0.0, db 1.0.0", Registry.Of("app 1.0.0: needs db; needs db; needs db ^1", "db 1.0.0", "db 2.0.0").Resolve("app").Chosen());

    [Fact]
    public void A_dependency_on_what_does_not_exist_cannot_be_met() => Assert.Equal("impossible", Registry.Of("app 1.0.0: needs ghost").Resolve("app").Chosen());

    [Fact]
    public void A_version_with_a_dangling_dependency_is_passed_over() =>
        Assert.Equal("app 1.0.0", Registry.Of("app 1.0.0", "app 2.0.0: needs ghost").Resolve("app").Chosen());

    [Fact]
    public void A_requirement_that_no_version_is_in_cannot_be_met() => Assert.Equal("impossible", Registry.Of("app 1.0.0").Resolve("app ^2").Chosen());

    [Fact]
    public void A_cycle_of_dependencies_is_met_by_its_members() =>
        Assert.Equal("a 1.0.0, b 1.0.0, c 1.0.0", Registry.Of("a 1.0.0: needs b", "b 1.0.0: needs c", "c 1.0.0: needs a").Resolve("a").Chosen());

    [Fact]
    public void A_cycle_that_asks_for_another_version_of_its_start_cannot_be_met() =>
        Assert.Equal("impossible", Registry.Of("a 1.0.0: needs b", "b 1.0.0: needs a ^2", "a 2.0.0: needs b ^2").Resolve("a").Chosen());

    [Fact]
    public void A_version_that_needs_itself_has_itself() => Assert.Equal("a 1.0.0", Registry.Of("a 1.0.0: needs a ^1").Resolve("a").Chosen());

    [Fact]
    public void A_version_that_needs_another_version_of_itself_is_never_chosen()
    {
        var catalogue = Registry.Of("a 1.0.0", "a 2.0.0: needs a ^1");
        Assert.Equal("a 1.0.0", catalogue.Resolve("a").Chosen());
        Assert.Equal("impossible", catalogue.Resolve("a ^2").Chosen());
    }

    [Fact]
    public void A_version_meets_its_own_dependency_by_a_service_that_it_provides() =>
        Assert.Equal("a 1.0.0", Registry.Of("a 1.0.0: needs store; provides store", "b 1.0.0: provides store").Resolve("a").Chosen());

    [Fact]
    public void A_service_is_met_by_who_provides_it() =>
        Assert.Equal("app 1.0.0, pg 9.0.0", Registry.Of("app 1.0.0: needs sql ^15", "pg 9.0.0: provides sql 15.2.0", "lite 1.0.0: provides sql 3.0.0").Resolve("app").Chosen());

    [Fact]
    public void A_service_can_be_asked_for_directly() => Assert.Equal("pg 1.0.0", Registry.Of("pg 1.0.0: provides sql 15.0.0").Resolve("sql ^15").Chosen());

    [Fact]
    public void The_version_of_a_service_is_not_that_of_its_provider()
    {
        var catalogue = Registry.Of("pg 15.0.0: provides sql 1.0.0");
        Assert.Equal("impossible", catalogue.Resolve("sql ^15").Chosen());
        Assert.Equal("pg 15.0.0", catalogue.Resolve("sql ^1").Chosen());
    }

    [Fact]
    public void Only_the_versions_that_provide_a_service_meet_it() =>
        Assert.Equal("pg 2.0.0", Registry.Of("pg 1.0.0", "pg 2.0.0: provides sql", "pg 3.0.0").Resolve("sql").Chosen());

    [Theory]
    [InlineData("sql", "pg 1.0.0")]
    [InlineData("sql *", "pg 1.0.0")]
    [InlineData("sql x", "impossible")]
    [InlineData("sql >=0.0.0", "impossible")]
    [InlineData("sql ^1", "impossible")]
    public void A_service_without_a_version_meets_only_a_star(string requirement, string expected) =>
        Assert.Equal(expected, Registry.Of("pg 1.0.0: provides sql").Resolve(requirement).Chosen());

    [Theory]
    [InlineData("sql", "pg 1.0.0")]
    [InlineData("sql ^1", "pg 1.0.0")]
    [InlineData("sql ^3", "pg 1.0.0")]
    [InlineData("sql ^2", "impossible")]
    public void A_version_may_provide_a_service_in_several_versions(string requirement, string expected) =>
        Assert.Equal(expected, Registry.Of("pg 1.0.0: provides sql 1.0.0; provides sql 3.0.0; provides sql").Resolve(requirement).Chosen());

    [Fact]
    public void The_capability_of_a_name_and_the_providers_of_it_are_one_name_space()
    {
        var catalogue = Registry.Of("sql 1.0.0", "pg 1.0.0: provides sql 2.0.0", "app 1.0.0: needs sql ^1", "web 1.0.0: needs sql ^2");
        Assert.Equal("app 1.0.0, sql 1.0.0", catalogue.Resolve("app").Chosen());
        Assert.Equal("pg 1.0.0, web 1.0.0", catalogue.Resolve("web").Chosen());
        Assert.Equal("app 1.0.0, pg 1.0.0, sql 1.0.0, web 1.0.0", catalogue.Resolve("app", "web").Chosen());
    }

    [Fact]
    public void A_capability_may_provide_its_own_name_in_another_version() =>
        Assert.Equal("sql 1.0.0", Registry.Of("sql 1.0.0: provides sql 5.0.0").Resolve("sql ^5").Chosen());

    [Fact]
    public void One_version_that_provides_two_services_meets_both() =>
        Assert.Equal("app 1.0.0, both 1.0.0", Registry.Of("app 1.0.0: needs mail; needs chat", "both 1.0.0: provides mail; provides chat").Resolve("app").Chosen());

    [Fact]
    public void Any_of_the_alternatives_does()
    {
        var catalogue = Registry.Of("app 1.0.0: needs redis ^7 or garnet ^1 or memory", "garnet 1.2.0", "redis 6.0.0");
        Assert.Equal("app 1.0.0, garnet 1.2.0", catalogue.Resolve("app").Chosen());
    }

    [Fact]
    public void When_no_alternative_is_there_the_dependency_cannot_be_met() =>
        Assert.Equal("impossible", Registry.Of("app 1.0.0: needs redis ^7 or garnet ^1", "garnet 2.0.0", "redis 6.0.0").Resolve("app").Chosen());

    [Fact]
    public void Two_alternatives_may_be_ranges_of_one_capability() =>
        Assert.Equal("app 1.0.0, lib 3.1.0", Registry.Of("app 1.0.0: needs lib ^1 or lib ^3", "lib 1.0.0", "lib 2.0.0", "lib 3.1.0", "lib 4.0.0").Resolve("app").Chosen());

    [Fact]
    public void An_alternative_that_leads_nowhere_is_left_for_the_next() =>
        Assert.Equal("app 1.0.0, garnet 1.0.0", Registry.Of("app 1.0.0: needs redis or garnet", "redis 1.0.0: needs ghost", "garnet 1.0.0").Resolve("app").Chosen());

    [Theory]
    [InlineData(62)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    public void The_number_of_versions_does_not_matter(int versions)
    {
        string[] lines = [.. Enumerable.Range(0, versions).Select(i => $"lib 1.0.{i}{(i % 3 == 0 ? ": provides even" : ": needs ghost")}"), "app 1.0.0: needs lib; needs even"];
        var last = (versions - 1) / 3 * 3;
        Assert.Equal($"app 1.0.0, lib 1.0.{last}", Registry.Of(lines).Resolve("app").Chosen());
        Assert.Equal("lib 1.0.0", Registry.Of(lines).Resolve("lib <=1.0.2").Chosen());
        Assert.Equal("impossible", Registry.Of(lines).Resolve($"lib >1.0.{last}").Chosen());
    }
}
