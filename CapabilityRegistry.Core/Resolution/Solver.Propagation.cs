namespace CapabilityRegistry.Core.Resolution;

// The partial solution: domains, the trail of assignments, unit propagation over watched literals, backtracking.
internal sealed partial class Solver
{
    private Growing<Assignment> _trail = new(128);
    private Growing<ulong> _domains = new(256);
    private Growing<LevelMark> _levels = new(32);

    /// <summary>Variables down to one version, in the order in which they got there; those before the head have been expanded.</summary>
    private Growing<int> _fixed = new(64);
    private int _fixedHead;

    /// <summary>Variables that are needed, in the order in which that was found.</summary>
    private Growing<int> _open = new(64);
    private int _openHead;

    /// <summary>"Any of" incompatibilities whose depender is fixed; those before the head are met.</summary>
    private Growing<int> _pending = new(64);
    private int _pendingHead;

    /// <summary>Incompatibilities that were unit when they were added, at a higher level than they need: backtracking must look at them again.</summary>
    private Growing<int> _late = new(8);

    private int _propagated;
    private int _conflict = -1;

    private int Level => _levels.Count;

    private ReadOnlySpan<ulong> Domain(int variable)
    {
        ref var v = ref _variables[variable];
        return v.Domain >= 0 ? _domains.Items.AsSpan(v.Domain, v.Words) : _sets.Items.AsSpan(~v.Domain, v.Words);
    }

    private ReadOnlySpan<ulong> Set(Literal literal) => _sets.Items.AsSpan(literal.Set, _variables[literal.Variable].Words);

    private bool IsFalse(Literal literal) => !Bits.Intersects(Domain(literal.Variable), Set(literal));

    private bool IsTrue(Literal literal) => Bits.IsSubset(Domain(literal.Variable), Set(literal));

    /// <summary>Derives all that follows from the partial solution. Answers a conflicting incompatibility or -1.</summary>
    private int Propagate()
    {
        while (_conflict < 0 && _propagated < _trail.Count)
        {
            VisitWatches(_trail[_propagated++].Variable);
        }

        var conflict = _conflict;
        _conflict = -1;
        return conflict;
    }

    private void VisitWatches(int variable)
    {
        var previous = -1;
        for (var link = _variables[variable].FirstWatch; link >= 0;)
        {
            var next = _watches[link].Next;
            if (Visit(variable, link))
            {
                previous = link;
            }
            else if (previous < 0)
            {
                _variables[variable].FirstWatch = next;
            }
            else
            {
                _watches[previous].Next = next;
            }

            if (_conflict >= 0)
            {
                return;
            }

            link = next;
        }
    }

    /// <summary>Looks at one incompatibility that watches a changed variable. False when the watch has moved to another variable.</summary>
    private bool Visit(int variable, int link)
    {
        var number = _watches[link].Incompatibility;
        ref var clause = ref _incompatibilities[number];
        var literals = _literals.Items.AsSpan(clause.Start, clause.Length);
        var mine = literals[0].Variable == variable ? 0 : 1;
        if (!IsFalse(literals[mine]) || IsTrue(literals[1 - mine]))
        {
            return true;
        }

        for (var i = 2; i < literals.Length; i++)
        {
            if (!IsFalse(literals[i]))
            {
                (literals[mine], literals[i]) = (literals[i], literals[mine]);
                ref var head = ref _variables[literals[mine].Variable].FirstWatch;
                _watches[link].Next = head;
                head = link;
                return false;
            }
        }

        var last = literals[1 - mine];
        if (IsFalse(last))
        {
            _conflict = number;
        }
        else
        {
            Propagations++;
            Restrict(last.Variable, last.Set, number);
        }

        return true;
    }

    /// <summary>Narrows a domain to its intersection with a set, which is not empty and not the whole domain.</summary>
    private void Restrict(int variable, int set, int cause)
    {
        var words = _variables[variable].Words;
        var top = _domains.Reserve(words);
        ref var v = ref _variables[variable];
        var old = Domain(variable);
        var narrowed = _domains.Items.AsSpan(top, words);
        var allowed = _sets.Items.AsSpan(set, words);
        for (var i = 0; i < words; i++)
        {
            narrowed[i] = old[i] & allowed[i];
        }

        var wasOptional = Bits.Has(old, v.None);
        v.LastEntry = _trail.Add(new(variable, v.Domain, cause, v.LastEntry, Level, top));
        v.Domain = top;
        if (Bits.Has(narrowed, v.None))
        {
            return;
        }

        if (Bits.Count(narrowed) == 1)
        {
            _fixed.Add(variable);
        }
        else if (wasOptional)
        {
            _open.Add(variable);
        }
    }

    /// <summary>Undoes every decision above a level and what followed from it.</summary>
    private void BacktrackTo(int level)
    {
        var mark = _levels[level];
        for (var i = _trail.Count - 1; i >= mark.Trail; i--)
        {
            ref var assignment = ref _trail[i];
            ref var variable = ref _variables[assignment.Variable];
            variable.Domain = assignment.OldDomain;
            variable.LastEntry = assignment.Previous;
            _domains.Count = assignment.DomainTop;
        }

        _trail.Count = _propagated = mark.Trail;
        (_fixed.Count, _fixedHead) = (mark.Fixed, mark.FixedHead);
        (_open.Count, _openHead) = (mark.Open, mark.OpenHead);
        (_pending.Count, _pendingHead) = (mark.Pending, mark.PendingHead);
        _levels.Count = level;
    }

    private void ReviewLate()
    {
        for (var i = 0; i < _late.Count && _conflict < 0; i++)
        {
            Review(_late[i]);
        }
    }

    /// <summary>Acts on an incompatibility that may be unit or violated although no watched variable has changed.</summary>
    private void Review(int number)
    {
        ref var clause = ref _incompatibilities[number];
        var unit = -1;
        for (var i = clause.Start; i < clause.Start + clause.Length; i++)
        {
            if (IsTrue(_literals[i]) || (unit >= 0 && !IsFalse(_literals[i])))
            {
                return;
            }

            unit = IsFalse(_literals[i]) ? unit : i;
        }

        if (unit < 0)
        {
            _conflict = number;
        }
        else
        {
            Propagations++;
            Restrict(_literals[unit].Variable, _literals[unit].Set, number);
        }
    }
}
