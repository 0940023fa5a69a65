using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Core.Resolution;

/// <summary>PubGrub (https://github.com/dart-lang/pub/blob/master/doc/solver.md) over sets of versions as bits.</summary>
/// <remarks>
/// <para>What differs from the paper, and why: an incompatibility is kept as the clause of its negated terms, so that "any of" (alternatives and providers) is one
/// incompatibility with several negative terms instead of a virtual package, and watched by two of its literals, so that propagation touches only what can change.
/// Unit propagation, conflict resolution and the derivation are the paper's.</para>
/// <para>Incompatibilities are made when a version is first considered, so the cost is in what is looked at, not in the catalogue. Order of work: what follows by
/// itself; then the oldest capability that is needed but has several versions left; then the oldest "any of" that nothing chosen meets yet. All orders are those of the
/// input, so the answer is the same everywhere. A solver serves one request on one thread.</para>
/// </remarks>
internal sealed partial class Solver
{
    private readonly Catalogue _catalogue;
    private readonly ResolutionRequest _request;
    private readonly Dictionary<int, SemanticVersion> _locked = [];
    private readonly Dictionary<int, int> _variableOf = [];

    private Growing<Variable> _variables = new(64);
    private Growing<ulong> _sets = new(256);
    private Growing<Literal> _literals = new(512);
    private Growing<Incompatibility> _incompatibilities = new(128);
    private Growing<Watch> _watches = new(256);

    public Solver(Catalogue catalogue, ResolutionRequest request)
    {
        _catalogue = catalogue;
        _request = request;
        foreach (var locked in request.Lock)
        {
            if (catalogue.Names.Find(locked.CapabilityCode) is { } name)
            {
                _locked[name] = locked.Version;
            }
        }
    }

    private int Decisions { get; set; }

    private int Conflicts { get; set; }

    private int Propagations { get; set; }

    /// <summary>The number of the incompatibility without terms that ended an impossible resolution.</summary>
    public int Contradiction { get; private set; } = -1;

    public ResolutionStatistics Statistics() => new(_variableOf.Count, _incompatibilities.Count, Decisions, Conflicts, Propagations);

    public Incompatibility Incompatibility(int number) => _incompatibilities[number];

    public Literal[] LiteralsOf(int number) => _literals.Items.AsSpan(_incompatibilities[number].Start, _incompatibilities[number].Length).ToArray();

    public ReadOnlySpan<ulong> SetOf(Literal literal) => Set(literal);

    public CapabilityNode? NodeOf(int variable) => _variables[variable].Node;

    public int NoneOf(int variable) => _variables[variable].None;

    /// <summary>Solves for the root requirements and required dependencies.</summary>
    public ResolutionStatus SolveRequired()
    {
        for (var i = 0; i < _request.Requirements.Count; i++)
        {
            AddRoot(i);
        }

        return Run(floor: 0) switch
        {
            RunOutcome.Solved => ResolutionStatus.Resolved,
            RunOutcome.Contradiction => ResolutionStatus.Impossible,
            _ => ResolutionStatus.Unknown,
        };
    }

    /// <summary>Searches until everything needed is met. Decisions at or below the floor are never undone.</summary>
    private RunOutcome Run(int floor)
    {
        for (var rounds = 1; ; rounds++)
        {
            var conflict = Propagate();
            if (conflict >= 0)
            {
                Conflicts++;
                if (!ResolveConflict(conflict, floor))
                {
                    return RunOutcome.Contradiction;
                }
            }
            else if (Decisions + Conflicts >= _request.Budget.MaxDecisions || ((rounds & 63) == 0 && _request.Budget.Deadline.IsCancellationRequested))
            {
                return RunOutcome.BudgetSpent;
            }
            else if (!Advance())
            {
                return RunOutcome.Solved;
            }
        }
    }

    /// <summary>One step forward: expand what is fixed, or decide. False when nothing is left to do.</summary>
    private bool Advance()
    {
        if (_fixedHead < _fixed.Count)
        {
            Expand(_fixed[_fixedHead++]);
            return true;
        }

        if (NextOpen() is var open and >= 0)
        {
            TryDecide(open, PreferredVersion(open, Domain(open)));
            return true;
        }

        if (NextPending() is var pending and >= 0)
        {
            var (variable, version) = PreferredOption(pending);
            TryDecide(variable, version);
            return true;
        }

        return false;
    }

    /// <summary>Decides on a version unless its own dependencies forbid it at once: those are added first, so that they, not a conflict, exclude it.</summary>
    private void TryDecide(int variable, int version)
    {
        var before = _trail.Count;
        AddIncompatibilitiesOf(variable, version);
        if (_trail.Count == before && _conflict < 0)
        {
            Decide(variable, version);
        }
    }

    private void Decide(int variable, int version)
    {
        Decisions++;
        _levels.Add(new(_trail.Count, _fixed.Count, _fixedHead, _open.Count, _openHead, _pending.Count, _pendingHead));
        var words = _variables[variable].Words;
        var set = _sets.Reserve(words);
        Bits.Add(_sets.Items.AsSpan(set, words), version);
        Restrict(variable, set, cause: -1);
    }

    /// <summary>Puts the dependencies of a variable that is down to one version to work.</summary>
    private void Expand(int variable)
    {
        var version = Bits.First(Domain(variable));
        AddIncompatibilitiesOf(variable, version);
        var node = _variables[variable].Node;
        if (node is null)
        {
            return;
        }

        foreach (var edge in node.Versions[version].Edges)
        {
            if (node.Edges[edge].Type is DependencyType.Required)
            {
                PutPending(_variables[variable].EdgeIncompatibilities![edge]);
            }
        }
    }

    private void PutPending(int incompatibility)
    {
        if (_incompatibilities[incompatibility].Length > 2)
        {
            _pending.Add(incompatibility);
        }
    }

    private int NextOpen()
    {
        for (; _openHead < _open.Count; _openHead++)
        {
            var variable = _open[_openHead];
            if (Bits.Count(Domain(variable)) > 1)
            {
                return variable;
            }
        }

        return -1;
    }

    private int NextPending()
    {
        for (; _pendingHead < _pending.Count; _pendingHead++)
        {
            if (!IsMet(_pending[_pendingHead]))
            {
                return _pending[_pendingHead];
            }
        }

        return -1;
    }

    private bool IsMet(int incompatibility)
    {
        ref var clause = ref _incompatibilities[incompatibility];
        for (var i = clause.Start; i < clause.Start + clause.Length; i++)
        {
            if (IsTrue(_literals[i]))
            {
                return true;
            }
        }

        return false;
    }

    private enum RunOutcome
    {
        Solved,
        Contradiction,
        BudgetSpent,
    }
}
