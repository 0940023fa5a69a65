using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Core.Resolution;

// What is wished for beyond what is required. Each wish is tried above everything that stands; it is kept when that undoes nothing, else taken back with its reason.
internal sealed partial class Solver
{
    /// <summary>The wishes that could not be kept.</summary>
    public List<Refusal> Refusals { get; } = [];

    /// <summary>Follows recommended dependencies (and enhancements when asked for) of all that is in the result, breadth first, and of what they bring in.</summary>
    public void FollowRecommendations()
    {
        var spent = false;
        for (var next = 0; next < _fixed.Count; next++)
        {
            if (_variables[_fixed[next]].Node is not { } node)
            {
                continue;
            }

            var version = Bits.First(Domain(_fixed[next]));
            foreach (var wish in WishesOf(node, version))
            {
                spent = spent || !Try(_fixed[next], wish);
                if (spent)
                {
                    Refusals.Add(new(_fixed[next], wish, -1));
                }
            }
        }
    }

    /// <summary>The chosen versions, in no order.</summary>
    public IEnumerable<(CapabilityNode Node, int Version)> Chosen()
    {
        for (var i = 0; i < _fixed.Count; i++)
        {
            if (_variables[_fixed[i]].Node is { } node)
            {
                yield return (node, Bits.First(Domain(_fixed[i])));
            }
        }
    }

    private IEnumerable<Wish> WishesOf(CapabilityNode node, int version)
    {
        if (_request.IncludeRecommended)
        {
            foreach (var edge in node.Versions[version].Edges)
            {
                if (node.Edges[edge].Type is DependencyType.Recommended)
                {
                    yield return new(edge, null, 0);
                }
            }
        }

        if (!_request.IncludeEnhancing)
        {
            yield break;
        }

        foreach (var group in EnhancersOf(node, version).GroupBy(e => e.Capability))
        {
            var best = group.Last();
            yield return new(-1, best.Capability, best.Version);
        }
    }

    /// <summary>The versions that enhance a version, by code, then ascending. Only those that may be chosen.</summary>
    public IEnumerable<Enhancer> EnhancersOf(CapabilityNode node, int version)
    {
        var own = _catalogue.Find(node.Name)!.Enhancers.Where(e => e.Range.Contains(node.Versions[version].Version, _request.IncludePrerelease));
        var throughServices = node.Versions[version].Services.SelectMany(offer => (_catalogue.Find(offer.Name)?.Enhancers ?? [])
            .Where(e => e.Range.IsAny || (offer.Version is not null && e.Range.Contains(offer.Version, _request.IncludePrerelease))));
        return own.Concat(throughServices)
            .Where(e => e.Capability != node && MayChoose(e.Capability, e.Version)
                && (_request.IncludePrerelease || !e.Capability.Versions[e.Version].Version.IsPrerelease))
            .OrderBy(e => e.Capability.Code, StringComparer.Ordinal).ThenBy(e => e.Version);
    }

    /// <summary>Tries one wish. False when the budget is spent; what was solved before stands.</summary>
    private bool Try(int subject, Wish wish)
    {
        var floor = Level;
        var selector = AddSelector();
        var clause = AddWish(subject, wish, selector);
        if (clause < 0)
        {
            return true;
        }

        while (true)
        {
            if (Propagate() >= 0)
            {
                throw new InvalidOperationException("A conflict without a decision: what was solved before is no solution.");
            }

            if (!Bits.Has(Domain(selector), 0))
            {
                Refusals.Add(new(subject, wish, _trail[_variables[selector].LastEntry].Cause));
                return true;
            }

            Decide(selector, 0);
            PutPending(clause);
            if (Run(floor) is RunOutcome.BudgetSpent)
            {
                BacktrackTo(floor);
                return false;
            }

            if (!Bits.Has(Domain(selector), 1))
            {
                return true;
            }
        }
    }

    /// <summary>Makes "selected means one of these". Answers -1 when the wish is granted already.</summary>
    private int AddWish(int subject, Wish wish, int selector)
    {
        if (wish.Enhancer is { } enhancer)
        {
            var variable = VariableOf(enhancer);
            var set = _sets.Reserve(enhancer.Words);
            Bits.Add(_sets.Items.AsSpan(set, enhancer.Words), wish.Version);
            AddLiteral(variable, set);
        }
        else
        {
            AddTargets(_variables[subject].Node!.Edges[wish.Edge].Targets, remember: true);
        }

        foreach (var literal in _building.Items.AsSpan(0, _building.Count))
        {
            if (IsTrue(literal))
            {
                Forget();
                return -1;
            }
        }

        AddAbsence(selector, [0b01]);
        return Finish(wish.Enhancer is null ? CauseKind.Recommendation : CauseKind.Enhancement, subject, wish.Edge, selector);
    }

    private void Forget()
    {
        foreach (var literal in _building.Items.AsSpan(0, _building.Count))
        {
            _place[literal.Variable] = 0;
        }

        _building.Count = 0;
    }

    /// <summary>A recommended edge, or a version that enhances.</summary>
    public readonly record struct Wish(int Edge, CapabilityNode? Enhancer, int Version);

    /// <summary>A wish that was not granted, and the incompatibility that forbids it (-1: the budget was spent).</summary>
    public readonly record struct Refusal(int Subject, Wish Wish, int Incompatibility);
}
