using CapabilityRegistry.Core.Resolution;

namespace CapabilityRegistry.Tests.Core.Resolution;

/// <summary>What an answer says about why a version is there and what could have been there instead.</summary>
public sealed class ReasonTests
{
    [Fact]
    public void Every_selection_says_who_needs_it_nearest_to_the_request_first()
    {
        var outcome = Registry.Of("app 1.0.0: needs z; needs db ^1", "z 1.0.0: needs y", "y 1.0.0: needs db", "db 1.0.0").Resolve("app", "z *");

        Assert.Equal("app *", Reasons(outcome, "app"));
        Assert.Equal("z *, app needs z *", Reasons(outcome, "z"));
        Assert.Equal("app needs db ^1, y needs db *", Reasons(outcome, "db"));
    }

    [Fact]
    public void A_reason_names_the_service_through_which_it_came() =>
        Assert.Equal("app needs sql ^2", Reasons(Registry.Of("app 1.0.0: needs sql ^2", "pg 1.0.0: provides sql 2.0.0").Resolve("app"), "pg"));

    [Fact]
    public void At_most_five_reasons_are_listed_and_all_are_counted()
    {
        string[] lines = [.. Enumerable.Range(0, 9).Select(i => $"a{i} 1.0.0: needs db"), "db 1.0.0"];
        var selection = Registry.Of(lines).Resolve([.. Enumerable.Range(0, 9).Select(i => $"a{i}")]).Selected.Single(s => s.CapabilityCode == "db");
        Assert.Equal(["a0", "a1", "a2", "a3", "a4"], selection.Reasons.Select(r => r.RequiredBy));
        Assert.Equal(9, selection.ReasonCount);
    }

    [Fact]
    public void What_else_could_have_met_a_dependency_is_listed_in_order_of_preference()
    {
        var outcome = Registry.Of("app 1.0.0: needs sql or files", "b 1.0.0: provides sql", "a 2.0.0: provides sql", "sql 1.0.0", "files 1.0.0").Resolve("app", "sql");
        var choice = outcome.Alternatives.Single(c => c.RequiredBy == "app");
        Assert.Equal(("sql", "sql"), (choice.Name, choice.Chosen));
        Assert.Equal(["a", "b", "files"], choice.Others.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_dependency_with_one_way_to_meet_it_is_no_choice() => Assert.Empty(Registry.Of("app 1.0.0: needs db", "db 1.0.0", "db 2.0.0").Resolve("app").Alternatives);

    [Fact]
    public void The_answer_names_the_position_of_the_catalogue()
    {
        Assert.Equal(7, Registry.Of("a 1.0.0").Resolve("a").Position);
        Assert.Equal(7, Registry.Of("a 1.0.0").Resolve("b").Position);
    }

    private static string Reasons(ResolutionOutcome outcome, string code) =>
        string.Join(", ", outcome.Selected.Single(s => s.CapabilityCode == code).Reasons.Select(r => r.RequiredBy is null ? $"{r.Name} {r.Range}" : $"{r.RequiredBy} needs {r.Name} {r.Range}"));
}
