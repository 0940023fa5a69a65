using CapabilityRegistry.Core.Resolution;

namespace CapabilityRegistry.Tests.Core.Resolution;

/// <summary>DESIGN, resolution semantics: rule 8.</summary>
[Trait("Rule", "8")]
public sealed class LoadOrderTests
{
    [Fact]
    public void Dependencies_come_first_and_equal_ranks_together() =>
        Assert.Equal(
            "cache db | api worker | app",
            Ranks(Registry.Of("app 1.0.0: needs api; needs worker", "api 1.0.0: needs db; needs cache", "worker 1.0.0: needs db", "db 1.0.0", "cache 1.0.0").Resolve("app")));

    [Fact]
    public void The_rank_is_the_longest_way_down() =>
        Assert.Equal("c | b | a", Ranks(Registry.Of("a 1.0.0: needs c; needs b", "b 1.0.0: needs c", "c 1.0.0").Resolve("a")));

    [Fact]
    public void What_does_not_need_each_other_starts_together() => Assert.Equal("a b c", Ranks(Registry.Of("a 1.0.0", "b 1.0.0", "c 1.0.0").Resolve("c", "a", "b")));

    [Fact]
    public void A_recommended_dependency_that_was_followed_counts() =>
        Assert.Equal("mail | app", Ranks(Registry.Of("app 1.0.0: recommends mail", "mail 1.0.0").Resolve("app")));

    [Fact]
    public void A_dependency_on_a_service_counts_as_one_on_who_provides_it() =>
        Assert.Equal("pg | app", Ranks(Registry.Of("app 1.0.0: needs sql", "pg 1.0.0: provides sql").Resolve("app")));

    [Fact]
    public void Conflicts_optional_and_enhancing_dependencies_do_not_count() =>
        Assert.Equal("a b", Ranks(Registry.Of("a 1.0.0: offers b; conflicts b ^2; enhances b", "b 1.0.0").Resolve("a", "b")));

    [Fact]
    public void A_cycle_is_named_with_the_edge_that_closes_it()
    {
        var outcome = Registry.Of("a 1.0.0: needs b", "b 1.0.0: needs c", "c 1.0.0: needs a; needs d", "d 1.0.0").Resolve("a");
        Assert.Equal("d | c | b | a", Ranks(outcome));
        var cycle = Assert.Single(outcome.LoadOrder.Cycles);
        Assert.Equal(["a", "b", "c"], cycle.Members);
        Assert.Equal(("c", "a"), (cycle.ClosingFrom, cycle.ClosingTo));
    }

    [Fact]
    public void Two_cycles_are_named_both()
    {
        var outcome = Registry.Of("a 1.0.0: needs b; needs c", "b 1.0.0: needs a", "c 1.0.0: needs d", "d 1.0.0: needs c").Resolve("a");
        Assert.Equal(["a>b>a", "c>d>c"], outcome.LoadOrder.Cycles.Select(c => $"{string.Join('>', c.Members)}>{c.ClosingTo}"));
        Assert.Equal("b d | c | a", Ranks(outcome));
    }

    [Fact]
    public void Who_needs_itself_is_no_cycle()
    {
        var outcome = Registry.Of("a 1.0.0: needs a; needs store; provides store").Resolve("a");
        Assert.Equal("a", Ranks(outcome));
        Assert.Empty(outcome.LoadOrder.Cycles);
    }

    private static string Ranks(ResolutionOutcome outcome) => string.Join(" | ", outcome.LoadOrder.Ranks.Select(rank => string.Join(' ', rank)));
}
