using System.Globalization;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Resolution;
using CapabilityRegistry.Core.Versions;
using CsCheck;

namespace CapabilityRegistry.Tests.Core.Resolution.Oracle;

/// <summary>The resolver and its checkers against the exhaustive oracle, on random small worlds.</summary>
/// <remarks>REGISTRY_ORACLE_CASES sets the number of worlds for a longer run; a failure prints the shrunk world and the seed that finds it again.</remarks>
public sealed class OracleTests
{
    private static readonly int Cases = int.Parse(Environment.GetEnvironmentVariable("REGISTRY_ORACLE_CASES") ?? "20000", CultureInfo.InvariantCulture);

    [Fact]
    public void A_solution_is_found_exactly_when_there_is_one_and_every_answer_can_be_checked()
    {
        var (resolved, impossible, hard) = (0, 0, 0);
        WorldGen.Worlds.Sample(
            world =>
            {
                var (catalogue, request, oracle) = (world.Catalogue(), world.Request(), new BruteForce(world));
                var outcome = Resolver.Resolve(catalogue, request);
                Assert.Equal(oracle.HasSolution() ? ResolutionStatus.Resolved : ResolutionStatus.Impossible, outcome.Status);
                Assert.Equal(outcome.Status, Resolver.CanResolve(catalogue, request));
                Interlocked.Add(ref hard, outcome.Statistics.Conflicts > 1 ? 1 : 0);
                if (outcome.Status is ResolutionStatus.Resolved)
                {
                    Interlocked.Increment(ref resolved);
                    Assert.True(oracle.IsSolution(Selection(oracle, outcome)));
                    Assert.Empty(SolutionChecker.Check(catalogue, request.Requirements, Locks(outcome), request.IncludePrerelease));
                }
                else
                {
                    Interlocked.Increment(ref impossible);
                    Assert.Empty(outcome.Selected);
                    Assert.Empty(DerivationChecker.Check(catalogue, request, outcome.Derivation!.Steps));
                    Assert.EndsWith("what you asked for is impossible.", outcome.Derivation.Prose, StringComparison.Ordinal);
                }
            },
            iter: Cases);

        Assert.True(resolved > Cases / 5 && impossible > Cases / 5 && hard > Cases / 20, $"{resolved} resolved, {impossible} impossible, {hard} hard of {Cases} are no fair sample.");
    }

    [Fact]
    public void Plain_worlds_too()
    {
        var conflicts = 0;
        WorldGen.PlainWorlds.Sample(
            world =>
            {
                var (catalogue, request, oracle) = (world.Catalogue(), world.Request(), new BruteForce(world));
                var outcome = catalogue.Resolve(request);
                Interlocked.Add(ref conflicts, outcome.Statistics.Conflicts);
                Assert.Equal(oracle.HasSolution() ? ResolutionStatus.Resolved : ResolutionStatus.Impossible, outcome.Status);
                if (outcome.Status is ResolutionStatus.Resolved)
                {
                    var selection = Selection(oracle, outcome);
                    Assert.True(oracle.IsSolution(selection));
                    AssertNoPreferredVersionWouldDo(world, oracle, outcome, selection);
                }
            },
            iter: Cases / 4);
        Assert.True(conflicts > Cases / 8, $"only {conflicts} conflicts");
    }

    [Fact]
    public void A_recommendation_is_followed_or_left_out_because_no_solution_around_the_result_follows_it()
    {
        var leftOut = 0;
        WorldGen.Worlds.Sample(
            world =>
            {
                var (catalogue, oracle) = (world.Catalogue(), new BruteForce(world));
                var outcome = Resolver.Resolve(catalogue, world.Request() with { IncludeRecommended = true });
                var required = Resolver.Resolve(catalogue, world.Request() with { IncludeRecommended = false, IncludeEnhancing = false });
                Assert.Equal(required.Status, outcome.Status);
                Assert.Empty(required.Selected.Select(s => (s.CapabilityCode, s.Version)).Except(outcome.Selected.Select(s => (s.CapabilityCode, s.Version))));
                if (outcome.Status is not ResolutionStatus.Resolved)
                {
                    return;
                }

                var selection = Selection(oracle, outcome);
                foreach (var (code, edge, rule) in oracle.DependenciesOf(selection).Where(d => d.Edge.Type is DependencyType.Recommended))
                {
                    var (name, range) = (edge.Targets[0].Name, World.Ranges[edge.Targets[0].Range].Text);
                    var isLeftOut = outcome.LeftOut.Any(l => l.RecommendedBy == code && l.Name == name && l.Range.ToString() == range);
                    var isMet = (selection & rule.Bearers) != 0;
                    Assert.True(isMet || isLeftOut, $"{code} recommends {name} {range}: not met and not reported");
                    Assert.True(isMet || !oracle.CanBeExtended(selection, rule), $"{code} recommends {name} {range}: left out although it could be met");
                    Interlocked.Add(ref leftOut, isMet ? 0 : 1);
                }

                Assert.All(outcome.LeftOut, l => Assert.Contains(oracle.DependenciesOf(selection), d =>
                    d.Code == l.RecommendedBy && d.Edge.Targets[0].Name == l.Name && World.Ranges[d.Edge.Targets[0].Range].Text == l.Range.ToString() && (selection & d.Rule.Bearers) == 0));
            },
            iter: Cases / 2);
        Assert.True(leftOut > Cases / 20, $"only {leftOut} left out");
    }

    [Fact]
    public void A_lock_that_is_a_solution_is_kept() =>
        Gen.Select(WorldGen.Worlds, Gen.Int[0, int.MaxValue]).Sample(
            (world, pick) =>
            {
                var oracle = new BruteForce(world);
                if (oracle.Solutions() is not { Count: > 0 } solutions)
                {
                    return;
                }

                var solution = solutions[pick % solutions.Count];
                var locked = oracle.Name(solution).Select(p => new LockedVersion(p.Code, SemanticVersion.Parse(p.Version))).ToArray();
                var outcome = Resolver.Resolve(world.Catalogue(), world.Request() with { Lock = locked, IncludeRecommended = false, IncludeEnhancing = false });
                Assert.Equal(ResolutionStatus.Resolved, outcome.Status);
                Assert.Equal(0u, Selection(oracle, outcome) & ~solution);
            },
            iter: Cases / 4);

    [Fact]
    public void The_load_order_puts_who_meets_a_need_before_who_has_it_but_for_the_edges_that_close_a_cycle() =>
        WorldGen.Worlds.Sample(
            world =>
            {
                var (oracle, outcome) = (new BruteForce(world), Resolver.Resolve(world.Catalogue(), world.Request()));
                var rank = outcome.LoadOrder.Ranks.SelectMany((codes, i) => codes.Select(code => (code, i))).ToDictionary(p => p.code, p => p.i);
                Assert.Equal(outcome.Selected.Select(s => s.CapabilityCode).Order(StringComparer.Ordinal), rank.Keys.Order(StringComparer.Ordinal));
                Assert.All(outcome.LoadOrder.Ranks, codes => Assert.Equal(codes.Order(StringComparer.Ordinal), codes));
                if (outcome.Status is not ResolutionStatus.Resolved)
                {
                    return;
                }

                var selection = Selection(oracle, outcome);
                foreach (var (code, _, rule) in oracle.DependenciesOf(selection).Where(d => d.Edge.Type is DependencyType.Required))
                {
                    Assert.Contains(oracle.Name(selection & rule.Bearers), bearer =>
                        bearer.Code == code || rank[bearer.Code] < rank[code] || outcome.LoadOrder.Cycles.Any(c => c.ClosingFrom == code && c.ClosingTo == bearer.Code));
                }
            },
            iter: Cases / 4);

    internal static uint Selection(BruteForce oracle, ResolutionOutcome outcome) =>
        oracle.SelectionOf(outcome.Selected.Select(s => (s.CapabilityCode, s.Version.ToString()))) ?? throw new InvalidOperationException("A selected version does not exist.");

    internal static LockedVersion[] Locks(ResolutionOutcome outcome) => [.. outcome.Selected.Select(s => new LockedVersion(s.CapabilityCode, s.Version))];

    /// <summary>Rule 5 without services and alternatives: where another version of one capability alone would do as well, it is no better one.</summary>
    private static void AssertNoPreferredVersionWouldDo(World world, BruteForce oracle, ResolutionOutcome outcome, uint selection)
    {
        foreach (var chosen in outcome.Selected)
        {
            var capability = world.Capabilities.Single(c => c.Code == chosen.CapabilityCode);
            var others = outcome.Selected.Where(s => s != chosen).Select(s => (s.CapabilityCode, s.Version.ToString())).ToArray();
            var mine = capability.Versions.Single(v => World.Versions[v.Number] == chosen.Version.ToString());
            foreach (var version in capability.Versions.Where(v => Preference(world, capability, v).CompareTo(Preference(world, capability, mine)) > 0))
            {
                var better = oracle.SelectionOf([.. others, (capability.Code, World.Versions[version.Number])])!.Value;
                Assert.False(oracle.IsSolution(better), $"{capability.Code} {World.Versions[version.Number]} is better than {chosen.Version} and would do");
            }
        }

        Assert.NotEqual(0u, selection);
    }

    private static (bool Locked, bool Active, int Number) Preference(World world, WorldCapability capability, WorldVersion version) =>
        (world.Lock.Contains(new(capability.Code, version.Number)), version.State is LifecycleState.Active, version.Number);
}
