using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Core.Resolution;

// Where incompatibilities come from: the catalogue, one version at a time.
internal sealed partial class Solver
{
    /// <summary>For each variable its place in the clause under construction, plus one; 0 when it has none.</summary>
    private Growing<int> _place = new(64);
    private Growing<Literal> _building = new(32);

    /// <summary>The variable of a capability, made when it is first met.</summary>
    private int VariableOf(CapabilityNode node)
    {
        if (_variableOf.TryGetValue(node.Name, out var known))
        {
            return known;
        }

        var versions = node.Versions.Length;
        var initial = _sets.Reserve(node.Words);
        var domain = _sets.Items.AsSpan(initial, node.Words);
        Bits.Fill(domain, versions + 1);
        for (var i = 0; i < versions; i++)
        {
            if (!MayChoose(node, i))
            {
                Bits.Remove(domain, i);
            }
        }

        var variable = AddVariable(new() { Node = node, Words = node.Words, None = versions, Initial = initial });
        _variableOf.Add(node.Name, variable);
        return variable;
    }

    private int AddSelector()
    {
        var initial = _sets.Reserve(1);
        _sets[initial] = 0b11;
        return AddVariable(new() { Words = 1, None = 1, Initial = initial });
    }

    private int AddVariable(Variable variable)
    {
        variable.Domain = ~variable.Initial;
        variable.LastEntry = variable.FirstWatch = -1;
        _place.Add(0);
        return _variables.Add(variable);
    }

    /// <summary>A yanked version is chosen only where the lock names it, a retired one never.</summary>
    private bool MayChoose(CapabilityNode node, int version) => node.Versions[version].State switch
    {
        LifecycleState.Retired => false,
        LifecycleState.Yanked => _locked.TryGetValue(node.Name, out var locked) && locked == node.Versions[version].Version,
        _ => true,
    };

    private void AddRoot(int requirement)
    {
        AddTargets(TargetsOfRoot(requirement), remember: false);
        var number = Finish(CauseKind.Root, subject: -1, requirement, other: -1);
        if (_incompatibilities[number].Length > 1)
        {
            _pending.Add(number);
        }
    }

    private Candidate[] CandidatesOf(Target target, bool remember) =>
        _catalogue.Find(target.Name)?.Candidates(target.Range, _request.IncludePrerelease, remember) ?? [];

    private Target[] TargetsOfRoot(int requirement)
    {
        var (code, range) = _request.Requirements[requirement];
        return _catalogue.Names.Find(code) is { } name ? [new(name, range)] : [];
    }

    private void AddIncompatibilitiesOf(int variable, int version)
    {
        if (_variables[variable].Node is not { } node)
        {
            return;
        }

        var made = _variables[variable].EdgeIncompatibilities;
        if (made is null)
        {
            _variables[variable].EdgeIncompatibilities = made = new int[node.Edges.Length];
            made.AsSpan().Fill(-1);
        }

        foreach (var edge in node.Versions[version].Edges)
        {
            if (made[edge] >= 0)
            {
                continue;
            }

            if (node.Edges[edge].Type is DependencyType.Required)
            {
                AddAbsence(variable, node.Declarers[edge]);
                AddTargets(node.Edges[edge].Targets, remember: true);
                made[edge] = Finish(CauseKind.Dependency, variable, edge, other: -1);
            }
            else if (node.Edges[edge].Type is DependencyType.Conflicting)
            {
                made[edge] = AddConflicts(variable, node, edge);
            }
        }
    }

    /// <summary>A version never conflicts with itself, also not through a service that it provides.</summary>
    private int AddConflicts(int variable, CapabilityNode node, int edge)
    {
        var first = int.MaxValue;
        var target = node.Edges[edge].Targets[0];
        foreach (var candidate in CandidatesOf(target, remember: true))
        {
            if (candidate.Capability == node)
            {
                continue;
            }

            var other = VariableOf(candidate.Capability);
            AddAbsence(variable, node.Declarers[edge]);
            AddAbsence(other, candidate.Versions);
            first = Math.Min(first, Finish(CauseKind.Conflict, variable, edge, other));
        }

        return first;
    }

    private void AddTargets(Target[] targets, bool remember)
    {
        foreach (var target in targets)
        {
            foreach (var candidate in CandidatesOf(target, remember))
            {
                var variable = VariableOf(candidate.Capability);
                AddLiteral(variable, CopySet(candidate.Versions));
            }
        }
    }

    /// <summary>Adds the literal "none of these versions".</summary>
    private void AddAbsence(int variable, ReadOnlySpan<ulong> versions)
    {
        ref var v = ref _variables[variable];
        var set = _sets.Reserve(v.Words);
        var literal = _sets.Items.AsSpan(set, v.Words);
        Bits.Fill(literal, v.None + 1);
        for (var i = 0; i < literal.Length; i++)
        {
            literal[i] &= ~versions[i];
        }

        AddLiteral(variable, set);
    }

    private int CopySet(ReadOnlySpan<ulong> words)
    {
        var set = _sets.Reserve(words.Length);
        words.CopyTo(_sets.Items.AsSpan(set, words.Length));
        return set;
    }

    /// <summary>Adds a literal to the clause under construction; one variable has one literal, so a second widens the first.</summary>
    private void AddLiteral(int variable, int set)
    {
        var place = _place[variable] - 1;
        if (place < 0)
        {
            _place[variable] = _building.Add(new(variable, set)) + 1;
            return;
        }

        var words = _variables[variable].Words;
        var union = _sets.Items.AsSpan(_building[place].Set, words);
        var added = _sets.Items.AsSpan(set, words);
        for (var i = 0; i < words; i++)
        {
            union[i] |= added[i];
        }
    }

    /// <summary>Makes an incompatibility of the literals added since the last one, and acts on it at once when it is unit or violated.</summary>
    private int Finish(CauseKind kind, int subject, int index, int other, int[]? chain = null)
    {
        var start = _literals.Count;
        for (var i = 0; i < _building.Count; i++)
        {
            var literal = _building[i];
            _place[literal.Variable] = 0;
            ref var variable = ref _variables[literal.Variable];
            if (Bits.Intersects(_sets.Items.AsSpan(variable.Initial, variable.Words), Set(literal)))
            {
                _literals.Add(literal);
            }
        }

        _building.Count = 0;
        var number = _incompatibilities.Add(new()
        {
            Start = start,
            Length = _literals.Count - start,
            Kind = kind,
            Subject = subject,
            Index = index,
            Object = other,
            Chain = chain,
        });
        Attach(number);
        return number;
    }

    private void Attach(int number)
    {
        ref var clause = ref _incompatibilities[number];
        var literals = _literals.Items.AsSpan(clause.Start, clause.Length);
        for (var place = 0; place < 2 && place < literals.Length; place++)
        {
            MoveBestForward(literals[place..]);
        }

        if (literals.Length >= 2)
        {
            AddWatch(literals[0].Variable, number);
            AddWatch(literals[1].Variable, number);
            if (!IsFalse(literals[1]))
            {
                return;
            }
        }

        var needed = literals.Length < 2 ? 0 : LevelOf(FalsifiedAt(literals[1]));
        if (needed < Level)
        {
            _late.Add(number);
        }

        if (_conflict < 0)
        {
            Review(number);
        }
    }

    /// <summary>Puts first what is not false; of what is false, what became so last.</summary>
    private void MoveBestForward(Span<Literal> literals)
    {
        var best = 0;
        var bestAt = -1;
        for (var i = 0; i < literals.Length; i++)
        {
            var at = IsFalse(literals[i]) ? FalsifiedAt(literals[i]) : int.MaxValue;
            if (at > bestAt)
            {
                (best, bestAt) = (i, at);
                if (at == int.MaxValue)
                {
                    break;
                }
            }
        }

        (literals[0], literals[best]) = (literals[best], literals[0]);
    }

    private void AddWatch(int variable, int number)
    {
        ref var head = ref _variables[variable].FirstWatch;
        head = _watches.Add(new() { Incompatibility = number, Next = head });
    }

    private int LevelOf(int assignment) => assignment < 0 ? 0 : _trail[assignment].Level;

    /// <summary>The assignment by which a false literal became false; -1 when it never was anything else.</summary>
    private int FalsifiedAt(Literal literal)
    {
        var set = Set(literal);
        var at = _variables[literal.Variable].LastEntry;
        while (at >= 0 && !Bits.Intersects(OldDomain(at), set))
        {
            at = _trail[at].Previous;
        }

        return at;
    }

    private ReadOnlySpan<ulong> OldDomain(int assignment)
    {
        ref var entry = ref _trail[assignment];
        var words = _variables[entry.Variable].Words;
        return entry.OldDomain >= 0 ? _domains.Items.AsSpan(entry.OldDomain, words) : _sets.Items.AsSpan(~entry.OldDomain, words);
    }
}
