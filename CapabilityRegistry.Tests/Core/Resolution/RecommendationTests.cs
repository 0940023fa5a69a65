using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Resolution;

namespace CapabilityRegistry.Tests.Core.Resolution;

/// <summary>DESIGN, resolution semantics: rule 4.</summary>
[Trait("Rule", "4")]
public sealed class RecommendationTests
{
    [Fact]
    public void A_recommended_dependency_is_followed()
    {
        var outcome = Registry.Of("app 1.0.0: recommends mail ^1", "mail 1.0.0", "mail 2.0.0").Resolve("app");
        Assert.Equal("app 1.0.0, mail 1.0.0", outcome.Chosen());
        Assert.Empty(outcome.LeftOut);
        Assert.Equal([new Reason("app", DependencyType.Recommended, "mail", outcome.Selected[1].Reasons[0].Range)], outcome.Selected[1].Reasons);
    }

    [Fact]
    public void Recommendations_can_be_switched_off()
    {
        var outcome = Registry.Of("app 1.0.0: recommends mail", "mail 1.0.0").Resolve(Registry.Asking("app") with { IncludeRecommended = false });
        Assert.Equal("app 1.0.0", outcome.Chosen());
        Assert.Empty(outcome.LeftOut);
    }

    [Fact]
    public void What_is_recommended_brings_what_it_requires_and_what_it_recommends() =>
        Assert.Equal(
            "app 1.0.0, fonts 1.0.0, icons 1.0.0, mail 1.0.0",
            Registry.Of("app 1.0.0: recommends mail", "mail 1.0.0: needs fonts; recommends icons", "fonts 1.0.0", "icons 1.0.0").Resolve("app").Chosen());

    [Fact]
    public void Nearer_recommendations_come_before_those_of_what_they_bring() =>
        Assert.Equal(
            "a 1.0.0, app 1.0.0, b 1.0.0, x 1.0.0",
            Registry.Of("app 1.0.0: recommends a; recommends b", "a 1.0.0: recommends y", "b 1.0.0: needs x", "x 1.0.0: conflicts y", "y 1.0.0").Resolve("app").Chosen());

    [Fact]
    public void Of_two_recommendations_that_do_not_go_together_the_first_is_followed()
    {
        var outcome = Registry.Of("app 1.0.0: recommends a; recommends b", "a 1.0.0: conflicts b", "b 1.0.0").Resolve("app");
        Assert.Equal("a 1.0.0, app 1.0.0", outcome.Chosen());
        Assert.Equal("b", Assert.Single(outcome.LeftOut).Name);
    }

    [Fact]
    public void A_recommendation_of_what_does_not_exist_is_left_out_with_the_reason()
    {
        var outcome = Registry.Of("app 1.0.0: recommends ghost").Resolve("app");
        Assert.Equal("app 1.0.0", outcome.Chosen());
        Assert.Equal(["app recommends ghost: nothing is called ghost"], LeftOut(outcome));
    }

    [Fact]
    public void A_recommendation_that_would_make_the_result_impossible_is_left_out()
    {
        var outcome = Registry.Of("app 1.0.0: recommends mail; needs db ^1", "mail 1.0.0: needs db ^2", "db 1.0.0", "db 2.0.0").Resolve("app");
        Assert.Equal("app 1.0.0, db 1.0.0", outcome.Chosen());
        Assert.Equal("mail", Assert.Single(outcome.LeftOut).Name);
    }

    [Fact]
    public void A_recommendation_never_changes_a_required_choice()
    {
        var outcome = Registry.Of("app 1.0.0: recommends mail; needs db", "mail 1.0.0: needs db ^1", "db 1.0.0", "db 2.0.0").Resolve("app");
        Assert.Equal("app 1.0.0, db 2.0.0", outcome.Chosen());
        Assert.Equal("mail", Assert.Single(outcome.LeftOut).Name);
    }

    [Fact]
    public void An_older_version_of_what_is_recommended_does_when_the_newest_does_not() =>
        Assert.Equal(
            "app 1.0.0, db 2.0.0, mail 1.0.0",
            Registry.Of("app 1.0.0: recommends mail; needs db", "mail 1.0.0", "mail 2.0.0: needs db ^1", "db 1.0.0", "db 2.0.0").Resolve("app").Chosen());

    [Fact]
    public void A_recommendation_that_is_met_already_brings_nothing() =>
        Assert.Equal("app 1.0.0, pg 1.0.0", Registry.Of("app 1.0.0: recommends sql; needs pg", "pg 1.0.0: provides sql", "sql 1.0.0").Resolve("app").Chosen());

    [Fact]
    public void A_recommendation_may_have_alternatives() =>
        Assert.Equal("app 1.0.0, exim 1.0.0", Registry.Of("app 1.0.0: recommends postfix or exim", "postfix 1.0.0: conflicts app", "exim 1.0.0").Resolve("app").Chosen());

    [Fact]
    public void An_older_version_is_not_chosen_for_the_sake_of_a_recommendation() =>
        Assert.Equal("app 2.0.0", Registry.Of("app 1.0.0: recommends mail", "app 2.0.0: recommends ghost", "mail 1.0.0").Resolve("app").Chosen());

    [Fact]
    public void What_enhances_a_part_of_the_result_is_suggested_and_not_installed()
    {
        var outcome = Registry.Of("app 1.0.0", "theme 1.0.0: enhances app", "theme 2.0.0: enhances app ^1", "theme 3.0.0: enhances app ^9").Resolve("app");
        Assert.Equal("app 1.0.0", outcome.Chosen());
        Assert.Equal(["theme 2.0.0 enhancing app"], Suggested(outcome));
    }

    [Fact]
    public void What_enhances_is_installed_when_asked_for()
    {
        var outcome = Registry.Of("app 1.0.0", "theme 1.0.0: enhances app; needs icons", "icons 1.0.0", "other 1.0.0: enhances ghost").Resolve(Registry.Asking("app") with { IncludeEnhancing = true });
        Assert.Equal("app 1.0.0, icons 1.0.0, theme 1.0.0", outcome.Chosen());
        Assert.Empty(outcome.Suggestions);
    }

    [Fact]
    public void What_enhances_but_does_not_go_with_the_result_stays_a_suggestion()
    {
        var outcome = Registry.Of("app 1.0.0", "theme 1.0.0: enhances app; conflicts app").Resolve(Registry.Asking("app") with { IncludeEnhancing = true });
        Assert.Equal("app 1.0.0", outcome.Chosen());
        Assert.Equal(["theme 1.0.0 enhancing app"], Suggested(outcome));
    }

    [Theory]
    [InlineData("enhances ui", "theme 1.0.0 enhancing app")]
    [InlineData("enhances ui ^2", "theme 1.0.0 enhancing app")]
    [InlineData("enhances ui ^1", "")]
    public void What_enhances_a_service_enhances_who_provides_it(string clause, string expected) =>
        Assert.Equal(expected, string.Join(", ", Suggested(Registry.Of("app 1.0.0: provides ui 2.0.0", $"theme 1.0.0: {clause}").Resolve("app"))));

    [Fact]
    public void Nothing_enhances_itself() => Assert.Empty(Registry.Of("app 1.0.0: enhances app; provides ui; enhances ui").Resolve("app").Suggestions);

    [Fact]
    public void An_optional_dependency_is_listed_and_never_pulled_in()
    {
        var outcome = Registry.Of("app 1.0.0: offers docs ^1 or help; offers ghost; offers db; needs db", "docs 1.0.0", "docs 1.5.0", "docs 2.0.0", "help 1.0.0", "db 1.0.0").Resolve("app");
        Assert.Equal("app 1.0.0, db 1.0.0", outcome.Chosen());
        Assert.Equal(["docs 1.5.0 optional app"], Suggested(outcome));
    }

    [Fact]
    public void Withdrawn_versions_are_not_suggested() =>
        Assert.Empty(Registry.Of("app 1.0.0: offers docs", "docs 1.0.0 yanked", "docs 2.0.0 retired", "theme 1.0.0 yanked: enhances app", "theme 2.0.0 retired: enhances app").Resolve("app").Suggestions);

    private static IEnumerable<string> LeftOut(ResolutionOutcome outcome) => outcome.LeftOut.Select(l => $"{l.RecommendedBy} recommends {l.Name}: {l.Reason}");

    private static IEnumerable<string> Suggested(ResolutionOutcome outcome) =>
        outcome.Suggestions.Select(s => $"{s.CapabilityCode} {s.Version} {s.Type.ToString().ToLowerInvariant()} {s.For}");
}
