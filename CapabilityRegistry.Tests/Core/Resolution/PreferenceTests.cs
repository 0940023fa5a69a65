namespace CapabilityRegistry.Tests.Core.Resolution;

/// <summary>DESIGN, resolution semantics: rule 5, one test for each place in the order and for each pair of neighbours.</summary>
[Trait("Rule", "5")]
public sealed class PreferenceTests
{
    [Fact]
    public void The_highest_version_is_chosen() => Assert.Equal("a 10.0.0", Registry.Of("a 9.0.0", "a 10.0.0", "a 2.0.0").Resolve("a").Chosen());

    [Fact]
    public void The_locked_version_is_chosen_before_the_highest() =>
        Assert.Equal("a 1.0.0, b 2.0.0", Registry.Of("a 1.0.0: needs b", "a 2.0.0: needs b", "b 1.0.0", "b 2.0.0").Resolve(Registry.Asking("a").With("a 1.0.0")).Chosen());

    [Fact]
    public void The_locked_version_is_chosen_before_an_active_one_even_when_it_is_deprecated() =>
        Assert.Equal("a 1.0.0", Registry.Of("a 1.0.0 deprecated", "a 2.0.0").Resolve(Registry.Asking("a").With("a 1.0.0")).Chosen());

    [Fact]
    public void A_lock_that_no_longer_fits_is_left_as_far_as_needed() =>
        Assert.Equal(
            "a 1.0.0, b 3.0.0, c 1.0.0",
            Registry.Of("a 1.0.0: needs b ^3; needs c", "b 2.0.0", "b 3.0.0", "c 1.0.0", "c 2.0.0").Resolve(Registry.Asking("a").With("a 1.0.0", "b 2.0.0", "c 1.0.0")).Chosen());

    [Fact]
    public void What_is_locked_but_not_needed_is_not_selected() =>
        Assert.Equal("a 1.0.0", Registry.Of("a 1.0.0", "b 1.0.0").Resolve(Registry.Asking("a").With("b 1.0.0", "ghost 1.0.0", "a 7.0.0")).Chosen());

    [Fact]
    public void The_last_word_of_a_lock_counts() =>
        Assert.Equal("a 2.0.0", Registry.Of("a 1.0.0", "a 2.0.0", "a 3.0.0").Resolve(Registry.Asking("a").With("a 1.0.0", "a 2.0.0")).Chosen());

    [Fact]
    public void A_lock_names_a_version_by_precedence_without_build_metadata() =>
        Assert.Equal("a 1.0.0+7", Registry.Of("a 1.0.0+7", "a 2.0.0").Resolve(Registry.Asking("a").With("a 1.0.0+8")).Chosen());

    [Fact]
    public void The_first_alternative_is_chosen_before_the_later_ones() =>
        Assert.Equal("app 1.0.0, x 1.0.0", Registry.Of("app 1.0.0: needs x or y or z", "x 1.0.0", "y 5.0.0", "z 9.0.0").Resolve("app").Chosen());

    [Fact]
    public void The_locked_alternative_is_chosen_before_the_first() =>
        Assert.Equal("app 1.0.0, y 5.0.0", Registry.Of("app 1.0.0: needs x or y or z", "x 1.0.0", "y 5.0.0", "z 9.0.0").Resolve(Registry.Asking("app").With("y 5.0.0")).Chosen());

    [Fact]
    public void The_first_alternative_is_chosen_even_when_it_is_deprecated_or_only_provided() =>
        Assert.Equal("app 1.0.0, p 1.0.0", Registry.Of("app 1.0.0: needs x or y", "p 1.0.0 deprecated: provides x", "y 5.0.0").Resolve("app").Chosen());

    [Fact]
    public void The_capability_of_a_name_is_chosen_before_who_provides_it() =>
        Assert.Equal("app 1.0.0, sql 1.0.0", Registry.Of("app 1.0.0: needs sql", "a 9.0.0: provides sql 9.0.0", "sql 1.0.0").Resolve("app").Chosen());

    [Fact]
    public void The_capability_of_a_name_is_chosen_even_when_it_is_deprecated() =>
        Assert.Equal("app 1.0.0, sql 1.0.0", Registry.Of("app 1.0.0: needs sql", "a 9.0.0: provides sql 9.0.0", "sql 1.0.0 deprecated").Resolve("app").Chosen());

    [Fact]
    public void A_locked_provider_is_chosen_before_the_capability_of_the_name() =>
        Assert.Equal("a 9.0.0, app 1.0.0", Registry.Of("app 1.0.0: needs sql", "a 9.0.0: provides sql", "sql 1.0.0").Resolve(Registry.Asking("app").With("a 9.0.0")).Chosen());

    [Fact]
    public void An_active_provider_is_chosen_before_a_deprecated_one_of_a_higher_version() =>
        Assert.Equal("app 1.0.0, b 1.0.0", Registry.Of("app 1.0.0: needs sql", "a 9.0.0 deprecated: provides sql", "b 1.0.0: provides sql").Resolve("app").Chosen());

    [Fact]
    public void Of_two_providers_the_one_of_the_highest_version_is_chosen() =>
        Assert.Equal("app 1.0.0, b 3.0.0", Registry.Of("app 1.0.0: needs sql", "a 1.0.0: provides sql 9.0.0", "b 3.0.0: provides sql 1.0.0", "c 2.0.0: provides sql").Resolve("app").Chosen());

    [Fact]
    public void Of_two_providers_of_one_version_the_first_code_in_ordinal_order_is_chosen() =>
        Assert.Equal("app 1.0.0, b 1.0.0", Registry.Of("app 1.0.0: needs sql", "c 1.0.0: provides sql", "b_ 1.0.0: provides sql", "b 1.0.0: provides sql").Resolve("app").Chosen());

    [Fact]
    public void An_active_version_is_chosen_before_a_higher_deprecated_one() => Assert.Equal("a 1.0.0", Registry.Of("a 1.0.0", "a 2.0.0 deprecated").Resolve("a").Chosen());

    [Fact]
    public void The_order_of_the_alternatives_of_a_recommendation_is_kept() =>
        Assert.Equal("app 1.0.0, y 1.0.0", Registry.Of("app 1.0.0: recommends y or x", "x 9.0.0", "y 1.0.0").Resolve("app").Chosen());

    [Fact]
    public void A_lock_of_the_whole_result_is_kept_whole()
    {
        var catalogue = Registry.Of(
            "app 1.0.0: needs db; needs cache or memory", "db 1.0.0", "db 2.0.0", "memory 1.0.0", "cache 1.0.0: needs db ^1", "cache 2.0.0 deprecated", "app 2.0.0: needs db; needs cache");
        string[] locked = ["app 1.0.0", "db 1.0.0", "memory 1.0.0"];
        Assert.Equal(string.Join(", ", locked), catalogue.Resolve(Registry.Asking("app").With(locked)).Chosen());
    }
}
