using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Core.Resolution;

/// <summary>Reads a solved solver into an answer: who needs whom, in which order to start, what else there would be.</summary>
internal sealed class OutcomeBuilder
{
    private readonly Catalogue _catalogue;
    private readonly ResolutionRequest _request;
    private readonly Solver _solver;
    private readonly (CapabilityNode Node, int Version)[] _chosen;
    private readonly Dictionary<int, int> _indexOf = [];
    private readonly List<Choice> _choices = [];

    /// <summary>For each chosen version the needs it meets, as (who needs it, or -1 for the request; the need).</summary>
    private readonly List<(int By, Reason Reason)>[] _reasons;
    private readonly List<int>[] _needs;

    public OutcomeBuilder(Catalogue catalogue, ResolutionRequest request, Solver solver)
    {
        _catalogue = catalogue;
        _request = request;
        _solver = solver;
        _chosen = [.. solver.Chosen().OrderBy(c => c.Node.Code, StringComparer.Ordinal)];
        _reasons = [.. _chosen.Select(_ => new List<(int, Reason)>())];
        _needs = [.. _chosen.Select(_ => new List<int>())];
        for (var i = 0; i < _chosen.Length; i++)
        {
            _indexOf.Add(_chosen[i].Node.Name, i);
        }
    }

    public ResolutionOutcome Build()
    {
        foreach (var (code, range) in _request.Requirements)
        {
            Link(-1, [new(_catalogue.Names.Find(code) ?? -1, range)], DependencyType.Required, remember: false);
        }

        for (var i = 0; i < _chosen.Length; i++)
        {
            LinkEdges(i);
        }

        return new()
        {
            Status = ResolutionStatus.Resolved,
            Position = _catalogue.Position,
            Selected = SelectionsInOrder(),
            LoadOrder = LoadOrderBuilder.Build([.. _chosen.Select(c => c.Node.Code)], [.. _needs.Select(n => n.ToArray())]),
            LeftOut = [.. _solver.Refusals.Select(Describe).OfType<LeftOut>()],
            Suggestions = [.. Suggestions().DistinctBy(s => (s.CapabilityCode, s.Type)).OrderBy(s => s.CapabilityCode, StringComparer.Ordinal)],
            Alternatives = _choices,
            Statistics = _solver.Statistics(),
        };
    }

    private void LinkEdges(int index)
    {
        var (node, version) = _chosen[index];
        foreach (var edge in node.Versions[version].Edges.Select(e => node.Edges[e]))
        {
            if (edge.Type is DependencyType.Required or DependencyType.Recommended)
            {
                Link(index, edge.Targets, edge.Type, remember: true);
            }
        }
    }

    /// <summary>Finds who of the chosen meets a need: the first in order of preference. A recommendation that nobody meets is left alone.</summary>
    private void Link(int by, Target[] targets, DependencyType type, bool remember)
    {
        var meets = -1;
        Target met = default;
        List<string>? others = null;
        foreach (var target in targets)
        {
            var node = target.Name < 0 ? null : _catalogue.Find(target.Name);
            foreach (var candidate in node?.Candidates(target.Range, _request.IncludePrerelease, remember) ?? [])
            {
                if (meets < 0 && _indexOf.TryGetValue(candidate.Capability.Name, out var index) && Bits.Has(candidate.Versions, _chosen[index].Version))
                {
                    (meets, met) = (index, target);
                }
                else
                {
                    (others ??= []).Add(candidate.Capability.Code);
                }
            }
        }

        if (meets < 0)
        {
            return;
        }

        var requiredBy = by < 0 ? null : _chosen[by].Node.Code;
        _reasons[meets].Add((by, new(requiredBy, type, _catalogue.Names[met.Name], met.Range)));
        if (by >= 0 && by != meets)
        {
            _needs[by].Add(meets);
        }

        if (others is not null && type is DependencyType.Required)
        {
            var chosen = _chosen[meets].Node.Code;
            _choices.Add(new(requiredBy, _catalogue.Names[targets[0].Name], chosen, [.. others.Where(o => o != chosen).Distinct(StringComparer.Ordinal).Take(20)]));
        }
    }

    private IReadOnlyList<Selection> SelectionsInOrder()
    {
        var distance = DistancesFromRequest();
        return [.. _chosen.Select((chosen, i) =>
        {
            var version = chosen.Node.Versions[chosen.Version];
            var reasons = _reasons[i].OrderBy(r => r.By < 0 ? -1 : distance[r.By]).ThenBy(r => r.Reason.RequiredBy, StringComparer.Ordinal).Select(r => r.Reason);
            return new Selection(chosen.Node.Code, version.Version, version.State, [.. reasons.Take(Selection.MaxReasons)], _reasons[i].Count);
        })];
    }

    /// <summary>Steps from the request to each chosen version; following reasons from near to nearer ends at the request.</summary>
    private int[] DistancesFromRequest()
    {
        var distance = new int[_chosen.Length];
        distance.AsSpan().Fill(int.MaxValue);
        var queue = new Queue<int>();
        for (var i = 0; i < _chosen.Length; i++)
        {
            if (_reasons[i].Exists(r => r.By < 0) || _reasons[i].Count == 0)
            {
                distance[i] = 0;
                queue.Enqueue(i);
            }
        }

        while (queue.TryDequeue(out var from))
        {
            foreach (var to in _needs[from].Where(to => distance[to] == int.MaxValue))
            {
                distance[to] = distance[from] + 1;
                queue.Enqueue(to);
            }
        }

        return distance;
    }

    private LeftOut? Describe(Solver.Refusal refusal)
    {
        if (refusal.Wish.Enhancer is not null)
        {
            return null;
        }

        var node = _solver.NodeOf(refusal.Subject)!;
        var target = node.Edges[refusal.Wish.Edge].Targets[0];
        var reason = refusal.Incompatibility < 0
            ? "the budget was spent before it was tried"
            : new Explainer(_solver, _catalogue, _request).ExplainRefusal(refusal.Incompatibility);
        return new(node.Code, _catalogue.Names[target.Name], target.Range, reason);
    }

    private IEnumerable<Suggestion> Suggestions()
    {
        foreach (var (node, version) in _chosen)
        {
            foreach (var edge in node.Versions[version].Edges.Select(e => node.Edges[e]).Where(e => e.Type is DependencyType.Optional))
            {
                if (FirstAvailable(edge.Targets) is { } available && !_indexOf.ContainsKey(available.Node.Name))
                {
                    yield return new(available.Node.Code, available.Version, DependencyType.Optional, node.Code);
                }
            }

            foreach (var enhancer in _solver.EnhancersOf(node, version).Where(e => !_indexOf.ContainsKey(e.Capability.Name)).GroupBy(e => e.Capability))
            {
                yield return new(enhancer.Key.Code, enhancer.Key.Versions[enhancer.Last().Version].Version, DependencyType.Enhancing, node.Code);
            }
        }
    }

    private (CapabilityNode Node, SemanticVersion Version)? FirstAvailable(Target[] targets)
    {
        foreach (var candidate in targets.SelectMany(t => _catalogue.Find(t.Name)?.Candidates(t.Range, _request.IncludePrerelease, remember: true) ?? []))
        {
            for (var i = candidate.Capability.Versions.Length - 1; i >= 0; i--)
            {
                if (Bits.Has(candidate.Versions, i) && candidate.Capability.Versions[i].State is LifecycleState.Active or LifecycleState.Deprecated)
                {
                    return (candidate.Capability, candidate.Capability.Versions[i].Version);
                }
            }
        }

        return null;
    }
}
