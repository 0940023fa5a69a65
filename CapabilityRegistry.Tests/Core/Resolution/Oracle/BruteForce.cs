using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Tests.Core.Resolution.Oracle;

/// <summary>Tries every selection. Written from DESIGN.md, "Resolution semantics", rules 1 to 4, and nothing else; uses no code of Core.</summary>
/// <remarks>A selection is a set of bits, three to a capability, at most one of the three: the i-th version of the c-th capability is bit 3c + i.</remarks>
internal sealed class BruteForce
{
    private const int Slots = 3;

    private readonly World _world;
    private readonly uint[] _requirements;
    private readonly List<Rule>[] _rules;
    private readonly uint[][] _choices;

    public BruteForce(World world)
    {
        _world = world;
        _requirements = [.. world.Requirements.Select(Bearers)];
        _rules = new List<Rule>[world.Capabilities.Length * Slots];
        _choices = new uint[world.Capabilities.Length][];
        for (var c = 0; c < world.Capabilities.Length; c++)
        {
            var choices = new List<uint> { 0 };
            for (var v = 0; v < world.Capabilities[c].Versions.Length; v++)
            {
                var bit = (c * Slots) + v;
                _rules[bit] = [.. world.Capabilities[c].Versions[v].Edges.Select(edge => new Rule(edge.Type, edge.Targets.Aggregate(0u, (all, t) => all | Bearers(t)), OfCapability(c)))];
                if (MayBeChosen(world.Capabilities[c], world.Capabilities[c].Versions[v]))
                {
                    choices.Add(1u << bit);
                }
            }

            _choices[c] = [.. choices];
        }
    }

    /// <summary>A dependency: its type, the versions that bear one of its names in range, and all versions of who declares it.</summary>
    public readonly record struct Rule(DependencyType Type, uint Bearers, uint Own);

    /// <summary>Whether there is any solution (rule 6).</summary>
    public bool HasSolution() => Search(0, 0, extends: 0, IsSolution);

    /// <summary>All solutions.</summary>
    public IReadOnlyList<uint> Solutions() => [.. Selections().Where(IsSolution)];

    /// <summary>All selections of versions that may be chosen, solutions or not.</summary>
    public IReadOnlyList<uint> Selections()
    {
        var all = new List<uint>();
        Search(0, 0, extends: 0, selection =>
        {
            all.Add(selection);
            return false;
        });
        return all;
    }

    /// <summary>Whether a solution has all of a selection and also meets a dependency.</summary>
    public bool CanBeExtended(uint selection, Rule wish) => Search(0, 0, selection, s => IsSolution(s) && (s & wish.Bearers) != 0);

    /// <summary>Rules 1 to 3 for a selection of which nothing is taken for granted.</summary>
    public bool IsSolution(uint selection)
    {
        foreach (var bearers in _requirements)
        {
            if ((selection & bearers) == 0)
            {
                return false;
            }
        }

        for (var c = 0; c < _choices.Length; c++)
        {
            var chosen = selection & OfCapability(c);
            if (chosen != 0 && !(Array.IndexOf(_choices[c], chosen) > 0 && Holds(selection, uint.TrailingZeroCount(chosen))))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The dependencies of the selected versions, with who declares them.</summary>
    public IEnumerable<(string Code, WorldEdge Edge, Rule Rule)> DependenciesOf(uint selection)
    {
        for (var bit = 0; bit < _rules.Length; bit++)
        {
            for (var i = 0; (selection >> bit & 1) != 0 && i < _rules[bit].Count; i++)
            {
                var capability = _world.Capabilities[bit / Slots];
                yield return (capability.Code, capability.Versions[bit % Slots].Edges[i], _rules[bit][i]);
            }
        }
    }

    /// <summary>The selection of some "code, version" pairs; null when one does not exist or a capability is named twice.</summary>
    public uint? SelectionOf(IEnumerable<(string Code, string Version)> pairs)
    {
        var selection = 0u;
        foreach (var (code, version) in pairs)
        {
            var c = Array.FindIndex(_world.Capabilities, capability => capability.Code == code);
            var v = c < 0 ? -1 : Array.FindIndex(_world.Capabilities[c].Versions, candidate => World.Versions[candidate.Number] == version);
            if (v < 0 || (selection & OfCapability(c)) != 0)
            {
                return null;
            }

            selection |= 1u << ((c * Slots) + v);
        }

        return selection;
    }

    /// <summary>The "code, version" pairs of a selection.</summary>
    public IEnumerable<(string Code, string Version)> Name(uint selection)
    {
        for (var bit = 0; bit < _rules.Length; bit++)
        {
            if ((selection >> bit & 1) != 0)
            {
                var capability = _world.Capabilities[bit / Slots];
                yield return (capability.Code, World.Versions[capability.Versions[bit % Slots].Number]);
            }
        }
    }

    /// <summary>Who bears a name in a range: the capability in a version, or a version that provides it in a version; a service without a version only for a star.</summary>
    public uint Bearers(WorldTarget target)
    {
        var bearers = 0u;
        for (var c = 0; c < _world.Capabilities.Length; c++)
        {
            var capability = _world.Capabilities[c];
            for (var v = 0; v < capability.Versions.Length; v++)
            {
                var bears = (capability.Code == target.Name && InRange(capability.Versions[v].Number, target.Range))
                    || capability.Versions[v].Offers.Any(offer => offer.Name == target.Name && (target.Range == 0 || (offer.Version >= 0 && InRange(offer.Version, target.Range))));
                bearers |= bears ? 1u << ((c * Slots) + v) : 0;
            }
        }

        return bearers;
    }

    private static uint OfCapability(int capability) => 0b111u << (capability * Slots);

    private bool InRange(int version, int range) => (_world.Options.Prerelease ? World.Ranges[range].HoldsWithPrereleases : World.Ranges[range].Holds)[version] == '1';

    private bool MayBeChosen(WorldCapability capability, WorldVersion version) => version.State switch
    {
        LifecycleState.Retired => false,
        LifecycleState.Yanked => _world.Lock.Contains(new(capability.Code, version.Number)),
        _ => true,
    };

    private bool Holds(uint selection, uint bit)
    {
        foreach (var rule in _rules[bit])
        {
            if ((rule.Type is DependencyType.Required && (selection & rule.Bearers) == 0)
                || (rule.Type is DependencyType.Conflicting && (selection & rule.Bearers & ~rule.Own) != 0))
            {
                return false;
            }
        }

        return true;
    }

    private bool Search(int capability, uint selection, uint extends, Func<uint, bool> found)
    {
        if (capability == _choices.Length)
        {
            return found(selection);
        }

        var given = extends & OfCapability(capability);
        foreach (var choice in _choices[capability])
        {
            if ((given == 0 || choice == given) && Search(capability + 1, selection | choice, extends, found))
            {
                return true;
            }
        }

        return false;
    }
}
