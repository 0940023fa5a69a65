using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Core.Resolution;

// Which way is tried first where there are several (docs/resolution.md, Preference).
internal sealed partial class Solver
{
    /// <summary>The best of some versions. A provider is asked for its service, not for a pre-release of itself: there, releases come first.</summary>
    private int PreferredVersion(int variable, ReadOnlySpan<ulong> among, bool asProvider = false)
    {
        var node = _variables[variable].Node;
        if (node is null)
        {
            return 0;
        }

        var best = -1;
        for (var i = node.Versions.Length - 1; i >= 0; i--)
        {
            if (Bits.Has(among, i) && (best < 0 || IsBetter(node, i, best, asProvider)))
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>Whether a lower version is preferred to a higher one: locked first, then active before the rest.</summary>
    private bool IsBetter(CapabilityNode node, int lower, int higher, bool asProvider) =>
        IsLocked(node, lower) || (!IsLocked(node, higher) && Rank(node, lower, asProvider) < Rank(node, higher, asProvider));

    private bool IsLocked(CapabilityNode node, int version) =>
        _locked.Count > 0 && _locked.TryGetValue(node.Name, out var locked) && locked == node.Versions[version].Version;

    private int Rank(CapabilityNode node, int version, bool asProvider) =>
        (node.Versions[version].State is LifecycleState.Active ? 0 : 2)
        + (asProvider && !_request.IncludePrerelease && node.Versions[version].Version.IsPrerelease ? 1 : 0);

    /// <summary>The best way to meet an "any of" that nothing chosen meets, in the documented order (docs/resolution.md, Preference).</summary>
    private (int Variable, int Version) PreferredOption(int incompatibility)
    {
        (int Variable, int Version, Candidate Candidate)? best = null;
        var remember = _incompatibilities[incompatibility].Kind is not CauseKind.Root;
        foreach (var target in TargetsOf(incompatibility))
        {
            foreach (var candidate in CandidatesOf(target, remember))
            {
                var variable = _variableOf[candidate.Capability.Name];
                var among = Intersection(Domain(variable), candidate.Versions);
                if (Bits.IsEmpty(among))
                {
                    continue;
                }

                var version = PreferredVersion(variable, among, candidate.IsProvider);
                if (best is not { } known || IsBetterOption(candidate, version, known.Candidate, known.Version))
                {
                    best = (variable, version, candidate);
                }
            }

            if (best is { } found && _locked.Count == 0)
            {
                return (found.Variable, found.Version);
            }
        }

        return (best!.Value.Variable, best.Value.Version);
    }

    private Target[] TargetsOf(int incompatibility)
    {
        ref var clause = ref _incompatibilities[incompatibility];
        return clause.Kind is CauseKind.Root ? TargetsOfRoot(clause.Index) : _variables[clause.Subject].Node!.Edges[clause.Index].Targets;
    }

    /// <summary>Compares with an option that comes earlier in the order of targets and candidates.</summary>
    private bool IsBetterOption(Candidate candidate, int version, Candidate earlier, int earlierVersion)
    {
        var locked = IsLocked(candidate.Capability, version);
        if (locked != IsLocked(earlier.Capability, earlierVersion))
        {
            return locked;
        }

        if (locked || !candidate.IsProvider || !earlier.IsProvider)
        {
            return false;
        }

        var rank = Rank(candidate.Capability, version, asProvider: true).CompareTo(Rank(earlier.Capability, earlierVersion, asProvider: true));
        var order = rank != 0 ? rank : earlier.Capability.Versions[earlierVersion].Version.CompareTo(candidate.Capability.Versions[version].Version);
        return order < 0;
    }

    private ulong[] _intersection = new ulong[4];

    private ReadOnlySpan<ulong> Intersection(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right)
    {
        if (_intersection.Length < left.Length)
        {
            _intersection = new ulong[left.Length];
        }

        for (var i = 0; i < left.Length; i++)
        {
            _intersection[i] = left[i] & right[i];
        }

        return _intersection.AsSpan(0, left.Length);
    }
}
