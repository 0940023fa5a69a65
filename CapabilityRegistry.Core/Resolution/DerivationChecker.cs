using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Core.Resolution;

/// <summary>Replays a derivation: every premise must be a fact of the snapshot, every derived step must follow by the rule of resolution, and the last must have no terms.</summary>
/// <remarks>Shares no code with the solver. Linear in the steps, times the terms of a step and the versions of a capability.</remarks>
public static class DerivationChecker
{
    /// <summary>What is wrong with a derivation; nothing when it proves that the request is impossible.</summary>
    public static IReadOnlyList<string> Check(Catalogue catalogue, ResolutionRequest request, IReadOnlyList<DerivationStep> steps)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(steps);
        return new Replay(catalogue, request).Run(steps);
    }

    private sealed class Replay(Catalogue catalogue, ResolutionRequest request)
    {
        /// <summary>Per step: for each capability the values that make the step's clause true; index Versions.Count stands for "not selected".</summary>
        private readonly Dictionary<int, Dictionary<string, bool[]>> _clauses = [];
        private readonly List<string> _violations = [];

        public IReadOnlyList<string> Run(IReadOnlyList<DerivationStep> steps)
        {
            foreach (var step in steps)
            {
                if (Clause(step) is not { } clause || !_clauses.TryAdd(step.Id, clause))
                {
                    _violations.Add($"Step {step.Id} names a capability that does not exist or a number twice.");
                    return _violations;
                }

                var holds = step.Kind is DerivationStepKind.Derived ? Follows(step, clause) : IsFact(step, clause);
                if (!holds)
                {
                    _violations.Add($"Step {step.Id} ({step.Text}) does not hold.");
                }
            }

            if (steps.Count == 0 || _clauses[steps[^1].Id].Values.Any(Satisfiable))
            {
                _violations.Add("The last step is no contradiction.");
            }

            return _violations;
        }

        private Dictionary<string, bool[]>? Clause(DerivationStep step)
        {
            var clause = new Dictionary<string, bool[]>(StringComparer.Ordinal);
            foreach (var term in step.Terms)
            {
                if (catalogue.Find(term.CapabilityCode)?.Capability is not { } node || !VersionRange.TryParse(term.Versions, out var range, out _))
                {
                    return null;
                }

                var values = new bool[node.Versions.Length + 1];
                for (var i = 0; i < node.Versions.Length; i++)
                {
                    values[i] = range.Contains(node.Versions[i].Version, includePrerelease: true) != term.Selected;
                }

                values[^1] = term.Selected;
                clause[term.CapabilityCode] = values;
            }

            return clause;
        }

        /// <summary>A premise holds when its clause is no stronger than the rule it names.</summary>
        private bool IsFact(DerivationStep step, Dictionary<string, bool[]> clause) => step.Kind switch
        {
            DerivationStepKind.Requirement => step.Index is >= 0 and var index && index < request.Requirements.Count
                && Implies(Meeting([(request.Requirements[index].CapabilityCode, request.Requirements[index].Range)]), clause),
            DerivationStepKind.Dependency => Edges(step.Subject, DependencyType.Required).Any(e => Implies(RequiredRule(e.Node, e.Edge), clause)),
            _ => Edges(step.Subject, DependencyType.Conflicting).Any(e => ConflictRules(e.Node, e.Edge).Any(rule => Implies(rule, clause))),
        };

        private IEnumerable<(CapabilityNode Node, int Edge)> Edges(string? subject, DependencyType type)
        {
            var node = subject is null ? null : catalogue.Find(subject)?.Capability;
            for (var i = 0; i < node?.Edges.Length; i++)
            {
                if (node.Edges[i].Type == type)
                {
                    yield return (node, i);
                }
            }
        }

        private Dictionary<string, bool[]> RequiredRule(CapabilityNode node, int edge)
        {
            var rule = Meeting(node.Edges[edge].Targets.Select(t => (catalogue.Names[t.Name], t.Range)));
            Widen(rule, node, i => !Declares(node, edge, i));
            return rule;
        }

        private IEnumerable<Dictionary<string, bool[]>> ConflictRules(CapabilityNode node, int edge)
        {
            var target = node.Edges[edge].Targets[0];
            foreach (var (code, values) in Meeting([(catalogue.Names[target.Name], target.Range)]))
            {
                if (code != node.Code)
                {
                    var rule = new Dictionary<string, bool[]>(StringComparer.Ordinal) { [code] = [.. values.Select(v => !v)] };
                    Widen(rule, node, i => !Declares(node, edge, i));
                    yield return rule;
                }
            }
        }

        /// <summary>True also for the value "not selected".</summary>
        private static bool Declares(CapabilityNode node, int edge, int version) => version < node.Versions.Length && node.Versions[version].Edges.Contains(edge);

        /// <summary>The clause "one of these names is borne by a selected version".</summary>
        private Dictionary<string, bool[]> Meeting(IEnumerable<(string Name, VersionRange Range)> targets)
        {
            var clause = new Dictionary<string, bool[]>(StringComparer.Ordinal);
            foreach (var (name, range) in targets)
            {
                var bearer = catalogue.Find(name);
                if (bearer?.Capability is { } own)
                {
                    Widen(clause, own, i => i < own.Versions.Length && range.Contains(own.Versions[i].Version, request.IncludePrerelease));
                }

                foreach (var provider in bearer?.Providers ?? [])
                {
                    if (range.IsAny || (provider.Offered is not null && range.Contains(provider.Offered, request.IncludePrerelease)))
                    {
                        Widen(clause, provider.Capability, i => i == provider.Version);
                    }
                }
            }

            return clause;
        }

        private static void Widen(Dictionary<string, bool[]> clause, CapabilityNode node, Func<int, bool> values)
        {
            if (!clause.TryGetValue(node.Code, out var known))
            {
                clause.Add(node.Code, known = new bool[node.Versions.Length + 1]);
            }

            for (var i = 0; i < known.Length; i++)
            {
                known[i] |= values(i);
            }
        }

        private bool Follows(DerivationStep step, Dictionary<string, bool[]> clause)
        {
            if (step.From.Count == 0 || step.Pivots.Count != step.From.Count - 1 || step.From.Any(id => id >= step.Id || !_clauses.ContainsKey(id)))
            {
                return false;
            }

            var resolvent = Copy(_clauses[step.From[0]]);
            for (var i = 0; i < step.Pivots.Count; i++)
            {
                var next = _clauses[step.From[i + 1]];
                if (!resolvent.ContainsKey(step.Pivots[i]) || !next.ContainsKey(step.Pivots[i]))
                {
                    return false;
                }

                Resolve(resolvent, next, step.Pivots[i]);
            }

            return Implies(resolvent, clause);
        }

        private static void Resolve(Dictionary<string, bool[]> resolvent, Dictionary<string, bool[]> next, string pivot)
        {
            foreach (var (code, values) in next)
            {
                if (!resolvent.TryGetValue(code, out var known))
                {
                    resolvent.Add(code, [.. values]);
                    continue;
                }

                for (var i = 0; i < known.Length; i++)
                {
                    known[i] = code == pivot ? known[i] & values[i] : known[i] | values[i];
                }
            }
        }

        /// <summary>Whether every choice of versions that meets the stronger clause meets the weaker one.</summary>
        private bool Implies(Dictionary<string, bool[]> stronger, Dictionary<string, bool[]> weaker)
        {
            foreach (var (code, values) in stronger)
            {
                var allowed = weaker.GetValueOrDefault(code);
                for (var i = 0; i < values.Length; i++)
                {
                    if (values[i] && allowed?[i] is not true && MayBe(code, i))
                    {
                        return false;
                    }
                }
            }

            return true;
        }

        /// <summary>Whether a version may be chosen in this resolution at all.</summary>
        private bool MayBe(string code, int value)
        {
            var node = catalogue.Find(code)!.Capability!;
            return value == node.Versions.Length || node.Versions[value].State switch
            {
                LifecycleState.Retired => false,
                LifecycleState.Yanked => request.Lock.LastOrDefault(l => l.CapabilityCode == code).Version == node.Versions[value].Version,
                _ => true,
            };
        }

        private static bool Satisfiable(bool[] values) => values.Contains(true);

        private static Dictionary<string, bool[]> Copy(Dictionary<string, bool[]> clause) => clause.ToDictionary(p => p.Key, p => (bool[])[.. p.Value], StringComparer.Ordinal);
    }
}
