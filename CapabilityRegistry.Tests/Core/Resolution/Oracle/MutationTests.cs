using CapabilityRegistry.Core.Resolution;
using CapabilityRegistry.Core.Versions;
using CsCheck;

namespace CapabilityRegistry.Tests.Core.Resolution.Oracle;

/// <summary>The checkers refuse what is wrong: answers that were right before something in them was changed.</summary>
public sealed class MutationTests
{
    [Fact]
    public void A_changed_solution_is_accepted_only_when_it_is_one()
    {
        var (accepted, refused) = (0, 0);
        Gen.Select(WorldGen.Worlds, Gen.Int[0, int.MaxValue]).Sample(
            (world, seed) =>
            {
                var (catalogue, request) = (world.Catalogue(), world.Request());
                var outcome = Resolver.Resolve(catalogue, request);
                foreach (var changed in outcome.Status is ResolutionStatus.Resolved ? Changed(world, OracleTests.Locks(outcome), new(seed)) : [])
                {
                    var isSolution = IsSolution(world, changed);
                    Assert.Equal(isSolution, SolutionChecker.Check(catalogue, request.Requirements, changed, request.IncludePrerelease).Count == 0);
                    Interlocked.Increment(ref isSolution ? ref accepted : ref refused);
                }
            },
            iter: 5_000);
        Assert.True(accepted > 500 && refused > 2_000, $"{accepted} accepted and {refused} refused");
    }

    [Fact]
    public void Every_derivation_is_a_proof_by_its_meaning_too() =>
        WorldGen.Worlds.Sample(
            world => Resolver.Resolve(world.Catalogue(), world.Request()) is not { Status: ResolutionStatus.Impossible, Derivation: { } derivation } || new ProofReading(world).IsProof(derivation.Steps),
            iter: 3_000);

    [Fact]
    public void A_changed_derivation_is_accepted_only_when_it_is_still_a_proof()
    {
        var (accepted, refused) = (0, 0);
        Gen.Select(Gen.Frequency((1, WorldGen.Worlds), (2, WorldGen.PlainWorlds)), Gen.Int[0, int.MaxValue]).Sample(
            (world, seed) =>
            {
                var (catalogue, request) = (world.Catalogue(), world.Request());
                if (Resolver.Resolve(catalogue, request).Derivation is not { } derivation)
                {
                    return;
                }

                foreach (var (what, changed) in Changed(world, [.. derivation.Steps], new(seed)))
                {
                    if (DerivationChecker.Check(catalogue, request, changed).Count > 0)
                    {
                        Interlocked.Increment(ref refused);
                        continue;
                    }

                    Interlocked.Increment(ref accepted);
                    Assert.True(new ProofReading(world).IsProof(changed), $"{what}: accepted, but no proof\n{string.Join('\n', changed)}");
                }
            },
            iter: 8_000);
        Assert.True(refused > 9 * accepted && refused > 5_000, $"{accepted} accepted and {refused} refused");
    }

    [Fact]
    public void A_term_or_a_premise_that_is_needed_cannot_be_left_out()
    {
        var catalogue = Registry.Of("app 1.0.0: needs left; needs right", "left 1.0.0: needs lib ^1", "right 1.0.0: needs lib ^2", "lib 1.0.0", "lib 2.0.0");
        var request = Registry.Asking("app");
        DerivationStep[] steps = [.. Resolver.Resolve(catalogue, request).Derivation!.Steps];

        foreach (var step in steps)
        {
            for (var i = 0; i < step.Terms.Count; i++)
            {
                Assert.NotEmpty(DerivationChecker.Check(catalogue, request, Replace(steps, step with { Terms = [.. step.Terms.Where((_, at) => at != i)] })));
            }

            for (var i = 1; i < step.From.Count; i++)
            {
                var without = step with { From = [.. step.From.Where((_, at) => at != i)], Pivots = [.. step.Pivots.Where((_, at) => at != i - 1)] };
                Assert.NotEmpty(DerivationChecker.Check(catalogue, request, Replace(steps, without)));
            }

            Assert.NotEmpty(DerivationChecker.Check(catalogue, request, [.. steps.Where(s => s != step)]));
        }

        Assert.Empty(DerivationChecker.Check(catalogue, request, steps));
        Assert.NotEmpty(DerivationChecker.Check(catalogue, request, []));
        Assert.NotEmpty(DerivationChecker.Check(catalogue, Registry.Asking("left"), steps));
        Assert.NotEmpty(DerivationChecker.Check(Registry.Of("app 1.0.0", "left 1.0.0", "right 1.0.0", "lib 1.0.0"), request, steps));
    }

    [Fact]
    public void A_derivation_does_not_prove_what_can_be_resolved()
    {
        var tried = 0;
        Gen.Select(WorldGen.PlainWorlds, Gen.Int[0, int.MaxValue]).Sample(
            (world, seed) =>
            {
                if (Resolver.Resolve(world.Catalogue(), world.Request()).Derivation is not { } derivation)
                {
                    return;
                }

                foreach (var easier in Easier(world, new(seed)).Where(w => new BruteForce(w).HasSolution()))
                {
                    Interlocked.Increment(ref tried);
                    Assert.NotEmpty(DerivationChecker.Check(easier.Catalogue(), easier.Request(), derivation.Steps));
                }
            },
            iter: 4_000);
        Assert.True(tried > 300, $"only {tried} tried");
    }

    /// <summary>By the oracle, with what is selected taken for locked: a checker of solutions is asked about a lock.</summary>
    private static bool IsSolution(World world, LockedVersion[] changed)
    {
        var locks = changed.Select(c => new WorldLock(c.CapabilityCode, Array.IndexOf(World.Versions, c.Version.ToString()))).ToArray();
        var oracle = new BruteForce(world with { Lock = locks });
        return oracle.SelectionOf(changed.Select(c => (c.CapabilityCode, c.Version.ToString()))) is { } selection && oracle.IsSolution(selection);
    }

    private static IEnumerable<LockedVersion[]> Changed(World world, LockedVersion[] solution, Random random)
    {
        var capability = world.Capabilities[random.Next(world.Capabilities.Length)];
        var version = capability.Versions[random.Next(capability.Versions.Length)];
        LockedVersion other = new(capability.Code, SemanticVersion.Parse(World.Versions[version.Number]));
        yield return [.. solution.Where(s => s.CapabilityCode != other.CapabilityCode), other];
        yield return [.. solution, other];
        yield return [.. solution, new("ghost", other.Version)];
        if (solution.Length > 0)
        {
            var at = random.Next(solution.Length);
            yield return [.. solution[..at], .. solution[(at + 1)..]];
            yield return [.. solution[..at], solution[at] with { Version = SemanticVersion.Parse("7.7.7") }, .. solution[(at + 1)..]];
        }
    }

    private static IEnumerable<(string What, DerivationStep[] Steps)> Changed(World world, DerivationStep[] steps, Random random)
    {
        var step = steps[random.Next(steps.Length)];
        yield return ("a step dropped", [.. steps.Where(s => s != step)]);
        yield return ("another kind", Replace(steps, step with { Kind = (DerivationStepKind)(((int)step.Kind + 1) % 4) }));
        if (step.Index is { } index)
        {
            yield return ("another requirement", Replace(steps, step with { Index = index + 1 }));
        }

        if (step.Subject is not null)
        {
            yield return ("another subject", Replace(steps, step with { Subject = world.Capabilities.First(c => c.Code != step.Subject).Code }));
        }

        if (step.From.Count > 1)
        {
            var at = random.Next(1, step.From.Count);
            yield return ("a premise dropped", Replace(steps, step with { From = [.. step.From.Where((_, i) => i != at)], Pivots = [.. step.Pivots.Where((_, i) => i != at - 1)] }));
            yield return ("another premise", Replace(steps, step with { From = [.. step.From.Select((id, i) => i == at ? steps[random.Next(steps.Length)].Id : id)] }));
            yield return ("another pivot", Replace(steps, step with { Pivots = [.. step.Pivots.Select((p, i) => i == at - 1 ? world.Capabilities[random.Next(world.Capabilities.Length)].Code : p)] }));
        }

        if (step.Terms.Count > 0)
        {
            var at = random.Next(step.Terms.Count);
            var term = step.Terms[at];
            var versions = world.Capabilities.Single(c => c.Code == term.CapabilityCode).Versions.Select(v => World.Versions[v.Number]).ToArray();
            var some = versions.Where(_ => random.Next(2) == 0).Select(v => $"={v}").DefaultIfEmpty("<0.0.0-0");
            yield return ("a term dropped", Replace(steps, step with { Terms = [.. step.Terms.Where((_, i) => i != at)] }));
            yield return ("a range changed", Replace(steps, step with { Terms = [.. step.Terms.Select((t, i) => i == at ? t with { Versions = string.Join(" || ", some) } : t)] }));
            yield return ("a term negated", Replace(steps, step with { Terms = [.. step.Terms.Select((t, i) => i == at ? t with { Selected = !t.Selected } : t)] }));
        }
    }

    private static IEnumerable<World> Easier(World world, Random random)
    {
        var requirement = random.Next(world.Requirements.Length);
        yield return world with { Requirements = [.. world.Requirements.Where((_, i) => i != requirement)] };
        yield return world with { Requirements = [.. world.Requirements.Select((r, i) => i == requirement ? r with { Range = 0 } : r)] };
        var (c, type) = (random.Next(world.Capabilities.Length), random.Next(2));
        yield return world with
        {
            Capabilities = [.. world.Capabilities.Select((capability, i) => i != c ? capability : capability with
            {
                Versions = [.. capability.Versions.Select(v => v with { Edges = [.. v.Edges.Where((_, at) => at % 2 == type)] })],
            })],
        };
    }

    private static DerivationStep[] Replace(DerivationStep[] steps, DerivationStep changed) => [.. steps.Select(s => s.Id == changed.Id ? changed : s)];
}
