using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Core.Resolution;

/// <summary>Checks a solution against the rules of DESIGN.md, "Resolution semantics" 1 to 3, without any of the solver's code.</summary>
/// <remarks>Linear in the dependencies and services of the selected versions, times the selected providers of a name.</remarks>
public static class SolutionChecker
{
    /// <summary>What is wrong with a set of versions; nothing when it is a solution.</summary>
    /// <param name="catalogue">The snapshot.</param>
    /// <param name="requirements">The root requirements.</param>
    /// <param name="selected">The selected versions.</param>
    /// <param name="includePrerelease">Whether pre-releases count as ordinary versions.</param>
    public static IReadOnlyList<string> Check(
        Catalogue catalogue, IReadOnlyList<Requirement> requirements, IReadOnlyList<LockedVersion> selected, bool includePrerelease = false)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(requirements);
        ArgumentNullException.ThrowIfNull(selected);
        var violations = new List<string>();
        var bearers = new Bearers(catalogue, selected, violations, includePrerelease);
        foreach (var (code, range) in requirements)
        {
            if (!bearers.Any(code, range, except: null))
            {
                violations.Add($"The requirement {code} {range} is not met.");
            }
        }

        foreach (var (node, version) in bearers.Selected)
        {
            CheckVersion(catalogue, node, version, bearers, violations);
        }

        return violations;
    }

    private static void CheckVersion(Catalogue catalogue, CapabilityNode node, VersionNode version, Bearers bearers, List<string> violations)
    {
        foreach (var edge in version.Edges.Select(index => node.Edges[index]))
        {
            if (edge.Type is DependencyType.Required && !edge.Targets.Any(t => bearers.Any(catalogue.Names[t.Name], t.Range, except: null)))
            {
                violations.Add($"{node.Code} {version.Version} depends on {Names(catalogue, edge)}, which is not met.");
            }
            else if (edge.Type is DependencyType.Conflicting && edge.Targets.Any(t => bearers.Any(catalogue.Names[t.Name], t.Range, except: node)))
            {
                violations.Add($"{node.Code} {version.Version} conflicts with {Names(catalogue, edge)}, which is selected.");
            }
        }
    }

    private static string Names(Catalogue catalogue, Edge edge) => string.Join(" or ", edge.Targets.Select(t => $"{catalogue.Names[t.Name]} {t.Range}"));

    /// <summary>Who of the selected bears a name, as its own or as a service.</summary>
    private sealed class Bearers
    {
        private readonly Dictionary<string, List<Bearer>> _byName = new(StringComparer.Ordinal);
        private readonly bool _includePrerelease;

        public Bearers(Catalogue catalogue, IReadOnlyList<LockedVersion> selected, List<string> violations, bool includePrerelease)
        {
            _includePrerelease = includePrerelease;
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (code, version) in selected)
            {
                if (!seen.Add(code))
                {
                    violations.Add($"{code} is selected twice.");
                }
                else if (catalogue.Find(code)?.Capability is not { } node || node.IndexOf(version) is not (>= 0 and var index))
                {
                    violations.Add($"{code} {version} does not exist.");
                }
                else if (node.Versions[index].State is LifecycleState.Retired)
                {
                    violations.Add($"{code} {version} is retired.");
                }
                else
                {
                    Add(catalogue, node, node.Versions[index]);
                }
            }
        }

        public List<(CapabilityNode Node, VersionNode Version)> Selected { get; } = [];

        public bool Any(string name, VersionRange range, CapabilityNode? except) =>
            _byName.TryGetValue(name, out var bearers) && bearers.Exists(b => b.Node != except && Meets(b, range));

        private bool Meets(Bearer bearer, VersionRange range) =>
            (bearer.IsService && range.IsAny) || (bearer.Version is not null && range.Contains(bearer.Version, _includePrerelease));

        private void Add(Catalogue catalogue, CapabilityNode node, VersionNode version)
        {
            Selected.Add((node, version));
            Bear(node.Code, new(node, version.Version, IsService: false));
            foreach (var offer in version.Services)
            {
                Bear(catalogue.Names[offer.Name], new(node, offer.Version, IsService: true));
            }
        }

        private void Bear(string name, Bearer bearer)
        {
            if (!_byName.TryGetValue(name, out var bearers))
            {
                _byName.Add(name, bearers = []);
            }

            bearers.Add(bearer);
        }

        private readonly record struct Bearer(CapabilityNode Node, SemanticVersion? Version, bool IsService);
    }
}
