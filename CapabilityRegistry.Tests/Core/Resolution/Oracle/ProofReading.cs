using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Resolution;

namespace CapabilityRegistry.Tests.Core.Resolution.Oracle;

/// <summary>Reads a derivation by its meaning: a step says something about selections, and it holds when every selection that what it rests on allows is one that it allows.</summary>
/// <remarks>Independent of <see cref="DerivationChecker"/>, which follows the rule of resolution: here every selection is tried.</remarks>
internal sealed class ProofReading(World world)
{
    private readonly BruteForce _oracle = new(world);

    /// <summary>Whether every step holds and the last one allows nothing.</summary>
    public bool IsProof(IReadOnlyList<DerivationStep> steps)
    {
        var selections = _oracle.Selections();
        var clauses = new Dictionary<int, Clause>();
        foreach (var step in steps)
        {
            var clause = new Clause([.. step.Terms.Select(Read)]);
            if (step.From.Any(id => !clauses.ContainsKey(id)) || !clauses.TryAdd(step.Id, clause))
            {
                return false;
            }

            if (selections.Any(selection => RestsOn(step, clauses, selection) && !clause.Allows(selection)))
            {
                return false;
            }
        }

        return steps.Count > 0 && !selections.Any(clauses[steps[^1].Id].Allows);
    }

    private bool RestsOn(DerivationStep step, Dictionary<int, Clause> clauses, uint selection) => step.Kind switch
    {
        DerivationStepKind.Requirement => step.Index is { } index && index < world.Requirements.Length && (selection & _oracle.Bearers(world.Requirements[index])) != 0,
        DerivationStepKind.Dependency => Keeps(step.Subject, DependencyType.Required, selection),
        DerivationStepKind.Conflict => Keeps(step.Subject, DependencyType.Conflicting, selection),
        _ => step.From.All(id => clauses[id].Allows(selection)),
    };

    private bool Keeps(string? subject, DependencyType type, uint selection) => _oracle.DependenciesOf(selection)
        .Where(d => d.Code == subject && d.Edge.Type == type)
        .All(d => type is DependencyType.Required ? (selection & d.Rule.Bearers) != 0 : (selection & d.Rule.Bearers & ~d.Rule.Own) == 0);

    private Term Read(DerivationTerm term)
    {
        var capability = world.Capabilities.Single(c => c.Code == term.CapabilityCode);
        var versions = capability.Versions.Where(v => term.Versions.Split(" || ").Any(run => Includes(run, v.Number))).Select(v => (term.CapabilityCode, World.Versions[v.Number]));
        return new(versions.Aggregate(0u, (all, version) => all | _oracle.SelectionOf([version])!.Value), term.Selected);
    }

    /// <summary>A run of versions as a derivation writes it: <c>=1.0.0</c>, <c>&gt;=1.0.0 &lt;=2.0.0</c>, or <c>&lt;0.0.0-0</c> for none.</summary>
    private static bool Includes(string run, int number) => run.Split(' ') switch
    {
        [var one] when one[0] == '=' => Number(one[1..]) == number,
        [var from, var to] => Number(from[2..]) <= number && number <= Number(to[2..]),
        _ => false,
    };

    private static int Number(string version) => Array.IndexOf(World.Versions, version);

    private readonly record struct Term(uint Versions, bool Selected)
    {
        public bool IsTrue(uint selection) => (selection & Versions) != 0 == Selected;
    }

    private sealed record Clause(Term[] Terms)
    {
        public bool Allows(uint selection) => !Array.TrueForAll(Terms, term => term.IsTrue(selection));
    }
}
