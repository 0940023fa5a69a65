namespace CapabilityRegistry.Core.Resolution;

// Conflict resolution: from a violated incompatibility to the one that would have prevented it.
internal sealed partial class Solver
{
    private readonly List<Blame> _blames = [];
    private readonly Dictionary<int, int> _blameOf = [];
    private readonly List<int> _chain = [];

    /// <summary>A literal of the incompatibility being resolved, and the assignment that made it false.</summary>
    private readonly record struct Blame(int Variable, int Set, int At);

    /// <summary>Learns from a conflict and goes back to where the learned incompatibility bites, but never below the floor.</summary>
    /// <returns>False when the conflict rests on no decision: then <see cref="Contradiction"/> is the derived incompatibility without terms.</returns>
    private bool ResolveConflict(int conflict, int floor)
    {
        _chain.Clear();
        _chain.Add(conflict);
        LoadBlames(conflict);
        while (_blames.Count > 0)
        {
            var (last, before) = LastTwo();
            var level = LevelOf(_blames[last].At);
            var backTo = before < 0 ? 0 : LevelOf(_blames[before].At);
            if (level > backTo)
            {
                if (level <= floor)
                {
                    throw new InvalidOperationException("A conflict below the floor: what was solved before is no solution.");
                }

                Learn(conflict, last, Math.Max(backTo, floor));
                return true;
            }

            var cause = _trail[_blames[last].At].Cause;
            _chain.Add(cause);
            _chain.Add(_blames[last].Variable);
            ResolveWith(cause, last);
        }

        Contradiction = Finish(CauseKind.Derived, -1, -1, -1, [.. _chain]);
        return false;
    }

    private void LoadBlames(int incompatibility)
    {
        _blames.Clear();
        _blameOf.Clear();
        ref var clause = ref _incompatibilities[incompatibility];
        for (var i = clause.Start; i < clause.Start + clause.Length; i++)
        {
            var literal = _literals[i];
            _blameOf.Add(literal.Variable, _blames.Count);
            _blames.Add(new(literal.Variable, literal.Set, FalsifiedAt(literal)));
        }
    }

    /// <summary>The indexes of the literals that became false last and last but one.</summary>
    private (int Last, int Before) LastTwo()
    {
        var (last, before) = (0, -1);
        for (var i = 1; i < _blames.Count; i++)
        {
            if (_blames[i].At > _blames[last].At)
            {
                (last, before) = (i, last);
            }
            else if (before < 0 || _blames[i].At > _blames[before].At)
            {
                before = i;
            }
        }

        return (last, before);
    }

    /// <summary>The rule of resolution: the pivot's sets are intersected, everything else is joined.</summary>
    private void ResolveWith(int cause, int pivot)
    {
        var variable = _blames[pivot].Variable;
        ref var clause = ref _incompatibilities[cause];
        for (var i = clause.Start; i < clause.Start + clause.Length; i++)
        {
            var literal = _literals[i];
            if (literal.Variable == variable)
            {
                Replace(pivot, Combine(literal, _blames[pivot].Set, intersect: true));
            }
            else if (_blameOf.TryGetValue(literal.Variable, out var at))
            {
                Replace(at, Combine(literal, _blames[at].Set, intersect: false));
            }
            else
            {
                _blameOf.Add(literal.Variable, _blames.Count);
                _blames.Add(new(literal.Variable, literal.Set, FalsifiedAt(literal)));
            }
        }

        RemoveEmpty(_blameOf[variable]);
    }

    private void Replace(int at, int set)
    {
        var variable = _blames[at].Variable;
        _blames[at] = new(variable, set, FalsifiedAt(new(variable, set)));
    }

    private int Combine(Literal literal, int other, bool intersect)
    {
        var words = _variables[literal.Variable].Words;
        var result = _sets.Reserve(words);
        var left = _sets.Items.AsSpan(literal.Set, words);
        var right = _sets.Items.AsSpan(other, words);
        var combined = _sets.Items.AsSpan(result, words);
        for (var i = 0; i < words; i++)
        {
            combined[i] = intersect ? left[i] & right[i] : left[i] | right[i];
        }

        return result;
    }

    /// <summary>Drops a literal that no assignment could make true.</summary>
    private void RemoveEmpty(int at)
    {
        ref var variable = ref _variables[_blames[at].Variable];
        if (Bits.Intersects(_sets.Items.AsSpan(variable.Initial, variable.Words), _sets.Items.AsSpan(_blames[at].Set, variable.Words)))
        {
            return;
        }

        _blameOf.Remove(_blames[at].Variable);
        var moved = _blames[^1];
        _blames[at] = moved;
        _blames.RemoveAt(_blames.Count - 1);
        if (at < _blames.Count)
        {
            _blameOf[moved.Variable] = at;
        }
    }

    private void Learn(int conflict, int last, int backTo)
    {
        var blame = _blames[last];
        BacktrackTo(backTo);
        if (_chain.Count == 1)
        {
            Review(conflict);
        }
        else
        {
            AddLiteral(blame.Variable, blame.Set);
            foreach (var other in _blames)
            {
                if (other.Variable != blame.Variable)
                {
                    AddLiteral(other.Variable, other.Set);
                }
            }

            Finish(CauseKind.Derived, -1, -1, -1, [.. _chain]);
        }

        ReviewLate();
    }
}
