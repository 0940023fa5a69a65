using System.Text.Json;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Resolution;

namespace CapabilityRegistry.Tests.Core.Resolution;

/// <summary>DESIGN, resolution semantics: rule 5, "the same on every machine".</summary>
[Trait("Rule", "5")]
public sealed class DeterminismTests
{
    private static readonly string[] Lines =
    [
        "app 1.0.0: needs sql; needs cache or memory; recommends mail; recommends chat; offers docs", "pg 2.0.0: provides sql", "my 2.0.0: provides sql; needs tz", "lite 1.0.0: provides sql",
        "tz 1.0.0: needs data", "tz 2.0.0: needs data ^2", "data 1.0.0", "data 2.0.0: needs tz", "cache 1.0.0: conflicts mail", "memory 1.0.0", "mail 1.0.0", "chat 1.0.0: needs mail or tz",
        "docs 1.0.0", "theme 1.0.0: enhances app", "skin 1.0.0: enhances app",
    ];

    [Fact]
    public void The_answer_is_the_same_whatever_the_order_in_which_capabilities_were_put()
    {
        var expected = Text(Registry.Of(Lines).Resolve("app"));
        for (var seed = 0; seed < 50; seed++)
        {
            Assert.Equal(expected, Text(Registry.Of(Lines, new(seed)).Resolve("app")));
        }
    }

    [Fact]
    public void The_proof_is_the_same_whatever_the_order_in_which_capabilities_were_put()
    {
        var expected = Text(Registry.Of(Lines).Resolve("app", "my", "data ^1", "tz ^2"));
        for (var seed = 0; seed < 50; seed++)
        {
            Assert.Equal(expected, Text(Registry.Of(Lines, new(seed)).Resolve("app", "my", "data ^1", "tz ^2")));
        }
    }

    [Fact]
    public async Task One_snapshot_answers_many_callers_at_once_alike()
    {
        var catalogue = Registry.Of(Lines);
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => Text(catalogue.Resolve("app")), TestContext.Current.CancellationToken)));
        Assert.Single(answers.Distinct());
    }

    private static string Text(ResolutionOutcome outcome) => JsonSerializer.Serialize(
        outcome with { Selected = [], LeftOut = [] },
        RegistryJson.Options) + outcome.Chosen() + string.Join(';', outcome.Selected.SelectMany(s => s.Reasons)) + string.Join(';', outcome.LeftOut);
}
