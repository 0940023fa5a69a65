using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Core.Resolution;

/// <summary>Turns the incompatibilities of a solver into a <see cref="Derivation"/>: steps for programs, sentences for people.</summary>
internal sealed class Explainer(Solver solver, Catalogue catalogue, ResolutionRequest request)
{
    private readonly Dictionary<int, int> _ids = [];
    private readonly List<DerivationStep> _steps = [];

    public Derivation Explain(int contradiction)
    {
        Visit(contradiction);
        return new(DerivationProse.Write(_steps), _steps);
    }

    /// <summary>The premises that forbid a wish, as one clause for people.</summary>
    public string ExplainRefusal(int incompatibility)
    {
        Visit(incompatibility);
        var premises = _steps.Where(s => s.Kind is not DerivationStepKind.Derived && s.Text.Length > 0).Select(s => s.Text).Reverse().ToArray();
        return premises.Length <= 4
            ? string.Join(", and ", premises)
            : $"{string.Join(", and ", premises.Take(2))}, and so on for {premises.Length - 3} more steps, until {premises[^1]}";
    }

    /// <summary>Emits what a step rests on before the step. Iterative: proofs can be deep.</summary>
    private void Visit(int root)
    {
        var path = new Stack<(int Number, bool Ready)>();
        path.Push((root, false));
        while (path.TryPop(out var item))
        {
            if (_ids.ContainsKey(item.Number))
            {
                continue;
            }

            var chain = solver.Incompatibility(item.Number).Chain;
            if (chain is null || item.Ready)
            {
                Emit(item.Number, chain);
                continue;
            }

            path.Push((item.Number, true));
            for (var i = chain.Length - (chain.Length > 1 ? 2 : 1); i >= 0; i -= 2)
            {
                path.Push((chain[i], false));
            }

            path.Push((chain[0], false));
        }
    }

    private void Emit(int number, int[]? chain)
    {
        var id = _steps.Count + 1;
        _ids.Add(number, id);
        _steps.Add(chain is null ? Premise(id, number) : Derived(id, number, chain));
    }

    private DerivationStep Derived(int id, int number, int[] chain)
    {
        var from = new List<int> { _ids[chain[0]] };
        var pivots = new List<string>();
        for (var i = 1; i < chain.Length; i += 2)
        {
            from.Add(_ids[chain[i]]);
            pivots.Add(solver.NodeOf(chain[i + 1])?.Code ?? "");
        }

        return new(id, DerivationStepKind.Derived, Terms(number), IncompatibilityText.Conclusion(solver, number), from, pivots);
    }

    private DerivationStep Premise(int id, int number)
    {
        var clause = solver.Incompatibility(number);
        var (kind, text) = clause.Kind switch
        {
            CauseKind.Root => (DerivationStepKind.Requirement, RootText(clause)),
            CauseKind.Dependency => (DerivationStepKind.Dependency, DependencyText(clause)),
            CauseKind.Conflict => (DerivationStepKind.Conflict, ConflictText(clause)),
            _ => (DerivationStepKind.Dependency, WishText(clause)),
        };
        var subject = clause.Subject < 0 ? null : solver.NodeOf(clause.Subject)?.Code;
        return new(id, kind, Terms(number), text, [], [], subject, clause.Kind is CauseKind.Root ? clause.Index : null);
    }

    private IReadOnlyList<DerivationTerm> Terms(int number) =>
        [.. solver.LiteralsOf(number).Where(l => solver.NodeOf(l.Variable) is not null).Select(literal =>
        {
            var node = solver.NodeOf(literal.Variable)!;
            var (set, selected) = IncompatibilityText.TermOf(solver, literal);
            return new DerivationTerm(node.Code, VersionSetText.Exact(node, set), selected);
        })];

    private string RootText(Incompatibility clause)
    {
        var (code, range) = request.Requirements[clause.Index];
        return $"you asked for {Named(code, range)}{Missing(clause, [(code, range)])}";
    }

    private string DependencyText(Incompatibility clause)
    {
        var (subject, edge) = Declared(clause);
        var targets = edge.Targets.Select(t => (catalogue.Names[t.Name], t.Range)).ToArray();
        return $"{subject} depends on {string.Join(" or ", targets.Select(t => Named(t.Item1, t.Range)))}{Missing(clause, targets)}";
    }

    private string ConflictText(Incompatibility clause)
    {
        var (subject, edge) = Declared(clause);
        var other = solver.NodeOf(clause.Object)!;
        var name = catalogue.Names[edge.Targets[0].Name];
        var through = other.Code == name ? "" : $", which {other.Code} provides";
        return $"{subject} conflicts with {Named(name, edge.Targets[0].Range)}{through}";
    }

    private string WishText(Incompatibility clause)
    {
        if (clause.Kind is CauseKind.Enhancement)
        {
            return "";
        }

        var (subject, edge) = Declared(clause);
        var targets = edge.Targets.Select(t => (Name: catalogue.Names[t.Name], t.Range)).ToArray();
        return clause.Length > 1
            ? $"{subject} recommends {string.Join(" or ", targets.Select(t => Named(t.Name, t.Range)))}"
            : string.Join(" and ", targets.Select(t => Why(t.Name, t.Range)));
    }

    private (string Subject, Edge Edge) Declared(Incompatibility clause)
    {
        var node = solver.NodeOf(clause.Subject)!;
        return ($"{node.Code} {VersionSetText.Short(node, node.Declarers[clause.Index])}".TrimEnd(), node.Edges[clause.Index]);
    }

    /// <summary>Says why nothing meets the targets, when nothing does.</summary>
    private string Missing(Incompatibility clause, IReadOnlyList<(string Name, Versions.VersionRange Range)> targets)
    {
        var positives = clause.Kind is CauseKind.Root ? clause.Length : clause.Length - 1;
        return positives > 0 ? "" : $", but {string.Join(" and ", targets.Select(t => Why(t.Name, t.Range)))}";
    }

    private string Why(string name, Versions.VersionRange range)
    {
        if (catalogue.Find(name) is not { IsKnown: true } node)
        {
            var hint = request.Requirements.Any(r => r.CapabilityCode == name) && catalogue.Nearest(name) is { } near ? $" (did you mean {near}?)" : "";
            return $"nothing is called {name}{hint}";
        }

        var withdrawn = node.Candidates(range, request.IncludePrerelease, remember: false)
            .SelectMany(c => c.Capability.Versions.Where((_, i) => Bits.Has(c.Versions, i)).Select(v => (c.Capability.Code, Version: v)))
            .Where(v => v.Version.State is LifecycleState.Yanked or LifecycleState.Retired)
            .ToArray();
        if (withdrawn.Length > 0)
        {
            var (code, version) = withdrawn[^1];
            return $"{Named(name, range)} is met only by what is withdrawn, such as {code} {version.Version} ({(version.State is LifecycleState.Yanked ? "yanked" : "retired")})";
        }

        var newest = node.Capability is { } capability ? $"; the newest is {capability.Versions[^1].Version}" : "";
        return $"no version of {name} is in {range}{newest}";
    }

    private static string Named(string name, Versions.VersionRange range) => range.IsAny ? name : $"{name} {range}";
}
