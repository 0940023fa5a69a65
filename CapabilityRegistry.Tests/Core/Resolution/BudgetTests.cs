using CapabilityRegistry.Core.Resolution;

namespace CapabilityRegistry.Tests.Core.Resolution;

/// <summary>DESIGN, resolution semantics: rules 6 and 9.</summary>
[Trait("Rule", "6, 9")]
public sealed class BudgetTests
{
    private static readonly string[] Pigeons =
    [
        .. Enumerable.Range(0, 6).Select(i => $"pigeon{i} 1.0.0: needs {string.Join(" or ", Enumerable.Range(0, 5).Select(j => $"place{i}.{j}"))}"),
        .. from i in Enumerable.Range(0, 6) from j in Enumerable.Range(0, 5) select $"place{i}.{j} 1.0.0: provides hole{j}; conflicts hole{j}",
    ];

    private static readonly ResolutionRequest AllPigeons = Registry.Asking([.. Enumerable.Range(0, 6).Select(i => $"pigeon{i}")]);

    [Fact]
    public void Six_pigeons_do_not_fit_in_five_holes()
    {
        var outcome = Registry.Of(Pigeons).Resolve(AllPigeons);
        Assert.Equal(ResolutionStatus.Impossible, outcome.Status);
        Assert.True(outcome.Statistics.Conflicts > 10);
    }

    [Fact]
    public void Every_budget_gives_the_right_answer_or_none()
    {
        var catalogue = Registry.Of(Pigeons);
        var needed = catalogue.Resolve(AllPigeons).Statistics;
        for (var most = 0; most < needed.Decisions + needed.Conflicts; most += 3)
        {
            var outcome = catalogue.Resolve(AllPigeons with { Budget = new(most, CancellationToken.None) });
            Assert.Equal(ResolutionStatus.Unknown, outcome.Status);
            Assert.True(outcome.Derivation is null && outcome.Selected.Count == 0);
            Assert.True(outcome.Statistics.Decisions + outcome.Statistics.Conflicts >= most);
        }

        Assert.Equal(ResolutionStatus.Impossible, catalogue.Resolve(AllPigeons with { Budget = new(needed.Decisions + needed.Conflicts + 1, CancellationToken.None) }).Status);
    }

    [Fact]
    public void A_budget_of_no_decisions_gives_unknown() =>
        Assert.Equal("unknown", Registry.Of("a 1.0.0", "a 2.0.0").Resolve(Registry.Asking("a") with { Budget = new(0, CancellationToken.None) }).Chosen());

    [Fact]
    public void A_deadline_that_has_passed_gives_unknown()
    {
        string[] chain = [.. Enumerable.Range(0, 500).Select(i => $"c{i} 1.0.0: needs c{i + 1}"), "c500 1.0.0"];
        var request = Registry.Asking("c0") with { Budget = new(int.MaxValue, new CancellationToken(canceled: true)) };
        var outcome = Registry.Of(chain).Resolve(request);
        Assert.Equal(ResolutionStatus.Unknown, outcome.Status);
        Assert.Empty(outcome.Selected);
        Assert.Equal(ResolutionStatus.Unknown, Resolver.CanResolve(Registry.Of(chain), request));
    }

    [Fact]
    public void A_budget_spent_on_recommendations_leaves_the_solution_standing()
    {
        string[] lines = ["app 1.0.0: recommends x or y; recommends z", "x 1.0.0", "x 2.0.0", "y 1.0.0", "z 1.0.0", "z 2.0.0"];
        var outcome = Registry.Of(lines).Resolve(Registry.Asking("app") with { Budget = new(1, CancellationToken.None) });
        Assert.Equal("app 1.0.0", outcome.Chosen());
        Assert.Equal(["x", "z"], outcome.LeftOut.Select(l => l.Name));
        Assert.All(outcome.LeftOut, l => Assert.Equal("the budget was spent before it was tried", l.Reason));
    }

    [Fact]
    public void What_a_resolution_looks_at_does_not_grow_with_the_catalogue()
    {
        string[] lines = ["app 1.0.0: needs db", "db 1.0.0", "db 2.0.0"];
        string[] others = [.. Enumerable.Range(0, 2_000).Select(i => $"other{i} 1.0.0: needs other{i + 1}; needs db; conflicts app")];
        var (small, large) = (Registry.Of(lines).Resolve("app"), Registry.Of([.. others, .. lines]).Resolve("app"));
        Assert.Equal(small.Statistics, large.Statistics);
        Assert.Equal(small.Chosen(), large.Chosen());
    }

    [Fact]
    public void A_chain_of_a_hundred_thousand_is_no_problem()
    {
        const int length = 100_000;
        string[] chain = [.. Enumerable.Range(0, length).Select(i => $"c{i} 1.0.0: needs c{(i + 1) % length}")];
        var outcome = Registry.Of(chain).Resolve("c0");
        Assert.Equal(length, outcome.Selected.Count);
        Assert.Equal(length, Assert.Single(outcome.LoadOrder.Cycles).Members.Count);
    }

    [Fact]
    public void A_proof_through_a_chain_of_thousands_is_no_problem()
    {
        string[] chain = [.. Enumerable.Range(0, 5_000).Select(i => $"c{i} 1.0.0: needs c{i + 1}")];
        Assert.Equal(ResolutionStatus.Impossible, Registry.Of(chain).Resolve("c0").Status);
    }
}
