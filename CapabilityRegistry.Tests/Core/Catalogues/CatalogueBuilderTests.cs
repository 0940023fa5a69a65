using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Resolution;
using CapabilityRegistry.Tests.Core.Resolution;
using CapabilityRegistry.Tests.Core.Resolution.Oracle;
using CsCheck;

namespace CapabilityRegistry.Tests.Core.Catalogues;

public sealed class CatalogueBuilderTests
{
    [Fact]
    public void A_snapshot_says_when_most_of_its_names_are_of_what_is_gone()
    {
        var settled = Fill(Catalogue.Empty, 3_000, remove: false);
        Assert.False(settled.IsOutgrown);
        Assert.False(Fill(settled, 6_000, remove: true).IsOutgrown);
        var outgrown = Fill(settled, 8_000, remove: true);
        Assert.True(outgrown.IsOutgrown);
        Assert.Equal(3_000, outgrown.CapabilityCount);
        Assert.False(Fill(Catalogue.Empty, 12_000, remove: false).IsOutgrown);

        static Catalogue Fill(Catalogue basis, int count, bool remove)
        {
            var builder = new CatalogueBuilder(basis);
            for (var i = 0; i < count; i++)
            {
                var code = $"{(remove ? "gone" : "here")}-{i}";
                builder.Put(Registry.Capabilities([$"{code} 1.0.0"]).Single());
                if (remove)
                {
                    builder.Remove(code);
                }
            }

            return builder.Build(1);
        }
    }

    [Fact]
    public void An_empty_catalogue_knows_nothing()
    {
        Assert.Equal((0, 0, 0L), Counts(Catalogue.Empty));
        Assert.False(Catalogue.Empty.Knows("a"));
        Assert.Empty(Catalogue.Empty.Codes());
        Assert.Empty(Catalogue.Empty.VersionsOf("a"));
        Assert.Null(Catalogue.Empty.Nearest("a"));
    }

    [Fact]
    public void A_catalogue_knows_its_capabilities_versions_and_services()
    {
        var catalogue = Registry.Of("a 2.0.0", "a 1.0.0-rc.1", "a 1.0.0: needs ghost", "b 1.0.0 retired: provides sql");

        Assert.Equal((2, 4, 7L), Counts(catalogue));
        Assert.Equal(["a", "b"], catalogue.Codes().Order(StringComparer.Ordinal));
        Assert.Equal(["1.0.0-rc.1", "1.0.0", "2.0.0"], catalogue.VersionsOf("a").Select(v => v.ToString()));
        Assert.True(catalogue.Knows("a") && catalogue.Knows("sql"));
        Assert.False(catalogue.Knows("ghost") || catalogue.Knows("A"));
        Assert.Equal("sql", catalogue.Nearest("sqll"));
    }

    [Fact]
    public void Putting_a_capability_replaces_all_its_versions()
    {
        var before = Registry.Of("a 1.0.0: provides old", "a 2.0.0: provides old", "b 1.0.0: needs a");
        var after = Next(before, "a 3.0.0: provides new");

        Assert.Equal((2, 2, 8L), Counts(after));
        Assert.Equal("a 3.0.0, b 1.0.0", after.Resolve("b").Chosen());
        Assert.Equal("impossible", after.Resolve("old").Chosen());
        Assert.Equal("a 3.0.0", after.Resolve("new").Chosen());
        Assert.False(after.Knows("old"));
    }

    [Fact]
    public void A_snapshot_stays_what_it_is_when_the_next_one_is_built()
    {
        var before = Registry.Of("app 1.0.0: needs sql", "pg 1.0.0: provides sql", "theme 1.0.0: enhances pg");
        var builder = new CatalogueBuilder(before);
        builder.Remove("pg");
        builder.Put(new("app", []));
        builder.Put(Registry.Capabilities(["lite 1.0.0: provides sql"]).Single());
        var after = builder.Build(8);

        Assert.Equal((3, 3, 7L), Counts(before));
        Assert.Equal("app 1.0.0, pg 1.0.0", before.Resolve("app").Chosen());
        Assert.Equal(["theme"], before.Resolve("app").Suggestions.Select(s => s.CapabilityCode));
        Assert.Equal((2, 2, 8L), Counts(after));
        Assert.Equal("lite 1.0.0", after.Resolve("sql").Chosen());
        Assert.Equal("impossible", after.Resolve("app").Chosen());
        Assert.False(before.Knows("lite"));
    }

    [Fact]
    public void Two_snapshots_may_be_built_on_one()
    {
        var basis = Registry.Of("app 1.0.0: needs sql");
        var (left, right) = (Next(basis, "pg 1.0.0: provides sql"), Next(basis, "my 1.0.0: provides sql"));

        Assert.Equal("app 1.0.0, pg 1.0.0", left.Resolve("app").Chosen());
        Assert.Equal("app 1.0.0, my 1.0.0", right.Resolve("app").Chosen());
        Assert.Equal("impossible", basis.Resolve("app").Chosen());
    }

    [Fact]
    public void Removing_what_was_put_before_the_build_and_what_never_was_leaves_nothing()
    {
        var builder = new CatalogueBuilder(Catalogue.Empty);
        builder.Put(Registry.Capabilities(["a 1.0.0: provides s"]).Single());
        builder.Remove("a");
        builder.Remove("ghost");

        var catalogue = builder.Build(1);
        Assert.Equal((0, 0, 1L), Counts(catalogue));
        Assert.False(catalogue.Knows("s"));
    }

    [Fact]
    public void A_capability_with_more_versions_than_before_is_seen_by_those_who_depend_on_its_services()
    {
        var catalogue = Registry.Of("app 1.0.0: needs sql", "pg 1.0.0: provides sql");
        Assert.Equal("app 1.0.0, pg 1.0.0", catalogue.Resolve("app").Chosen());

        string[] many = [.. Enumerable.Range(0, 100).Select(i => $"pg 2.0.{i}: provides sql")];
        Assert.Equal("app 1.0.0, pg 2.0.99", Next(catalogue, many).Resolve("app").Chosen());
    }

    [Fact]
    public void Advanced_step_by_step_a_catalogue_is_the_one_built_from_scratch() =>
        Gen.Select(WorldGen.Worlds.Array[1, 4], Gen.Int[0, int.MaxValue]).Sample(
            (worlds, seed) =>
            {
                var random = new Random(seed);
                var steps = worlds.SelectMany(world => world.Capabilities.Select(capability => (capability.Code, Declared: (CatalogueCapability?)World.Declare(capability)))).ToList();
                steps.AddRange(steps.Where(_ => random.Next(3) == 0).Select(step => (step.Code, Declared: (CatalogueCapability?)null)).ToArray());
                var order = steps.ToArray();
                random.Shuffle(order);

                var (stepwise, final) = (Catalogue.Empty, new Dictionary<string, CatalogueCapability?>());
                var builder = new CatalogueBuilder(stepwise);
                var snapshots = new List<(Catalogue Snapshot, string Answers)>();
                foreach (var (code, declared) in order)
                {
                    Apply(builder, code, final[code] = declared);
                    if (random.Next(3) == 0)
                    {
                        stepwise = builder.Build(stepwise.Position + 1);
                        snapshots.Add((stepwise, Answers(stepwise, worlds)));
                        builder = new(stepwise);
                    }
                }

                stepwise = builder.Build(99);
                var scratch = new CatalogueBuilder(Catalogue.Empty);
                foreach (var (code, declared) in final)
                {
                    Apply(scratch, code, declared);
                }

                var whole = scratch.Build(99);
                return Counts(whole) == Counts(stepwise)
                    && whole.Codes().Order(StringComparer.Ordinal).SequenceEqual(stepwise.Codes().Order(StringComparer.Ordinal))
                    && Answers(whole, worlds) == Answers(stepwise, worlds)
                    && snapshots.TrueForAll(s => s.Answers == Answers(s.Snapshot, worlds));
            },
            iter: 1_000);

    private static (int Capabilities, int Versions, long Position) Counts(Catalogue catalogue) => (catalogue.CapabilityCount, catalogue.VersionCount, catalogue.Position);

    private static Catalogue Next(Catalogue basis, params string[] lines)
    {
        var builder = new CatalogueBuilder(basis);
        foreach (var capability in Registry.Capabilities(lines))
        {
            builder.Put(capability);
        }

        return builder.Build(basis.Position + 1);
    }

    private static void Apply(CatalogueBuilder builder, string code, CatalogueCapability? declared)
    {
        if (declared is null)
        {
            builder.Remove(code);
        }
        else
        {
            builder.Put(declared);
        }
    }

    private static string Answers(Catalogue catalogue, World[] worlds) => string.Join('\n', worlds.Select(world =>
    {
        var outcome = Resolver.Resolve(catalogue, world.Request());
        var parts = outcome.Selected.Select(s => $"{s.CapabilityCode} {s.Version} {string.Join(',', s.Reasons)}")
            .Concat(outcome.Suggestions.Select(s => s.ToString()))
            .Concat(outcome.LeftOut.Select(l => l.ToString()))
            .Concat(outcome.LoadOrder.Ranks.Select(rank => string.Join(' ', rank)));
        return $"{outcome.Status} {string.Join(';', parts)} {outcome.Derivation?.Prose}";
    }));
}
