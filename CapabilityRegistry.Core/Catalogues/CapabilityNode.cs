using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Core.Catalogues;

/// <summary>A capability inside a snapshot. Versions are numbered in ascending order; that number is the version's bit in every set of versions.</summary>
internal sealed class CapabilityNode
{
    private CapabilityNode(int name, string code, VersionNode[] versions, Edge[] edges, ulong[][] declarers)
    {
        Name = name;
        Code = code;
        Versions = versions;
        Edges = edges;
        Declarers = declarers;
    }

    public int Name { get; }

    public string Code { get; }

    public VersionNode[] Versions { get; }

    /// <summary>The distinct dependencies of all versions. A version refers to them by index.</summary>
    public Edge[] Edges { get; }

    /// <summary>For each edge the set of versions that declare it.</summary>
    public ulong[][] Declarers { get; }

    /// <summary>Words of a set over this capability: a bit for each version and one, behind them, for "not selected".</summary>
    public int Words => WordsFor(Versions.Length);

    public static int WordsFor(int versions) => (versions >> 6) + 1;

    /// <summary>The number of the version with this precedence, or -1.</summary>
    public int IndexOf(SemanticVersion version)
    {
        var (low, high) = (0, Versions.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var order = Versions[middle].Version.CompareTo(version);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    public static CapabilityNode Create(CatalogueCapability capability, NameTable names)
    {
        var ordered = capability.Versions.OrderBy(v => v.Version).ToArray();
        var words = WordsFor(ordered.Length);
        var known = new Dictionary<Edge, int>();
        var edges = new List<Edge>();
        var declarers = new List<ulong[]>();
        var versions = new VersionNode[ordered.Length];
        for (var i = 0; i < ordered.Length; i++)
        {
            var source = ordered[i];
            var indexes = new int[source.Dependencies.Count];
            for (var j = 0; j < indexes.Length; j++)
            {
                var edge = Edge.Create(source.Dependencies[j], names);
                if (!known.TryGetValue(edge, out var index))
                {
                    known.Add(edge, index = edges.Count);
                    edges.Add(edge);
                    declarers.Add(new ulong[words]);
                }

                indexes[j] = index;
                declarers[index][i >> 6] |= 1UL << i;
            }

            var services = source.Services.Count == 0 ? [] : source.Services.Select(s => new Offer(names.Intern(s.Name), s.Version)).ToArray();
            versions[i] = new(source.Version, source.State, indexes, services);
        }

        return new(names.Intern(capability.Code), capability.Code, versions, [.. edges], [.. declarers]);
    }
}

/// <summary>One version inside a snapshot; its dependencies are indexes into the capability's <see cref="CapabilityNode.Edges"/>, in manifest order.</summary>
internal sealed record VersionNode(SemanticVersion Version, LifecycleState State, int[] Edges, Offer[] Services);

/// <summary>A provided service of a version.</summary>
internal readonly record struct Offer(int Name, SemanticVersion? Version);

/// <summary>A name and the versions of it that do.</summary>
internal readonly record struct Target(int Name, VersionRange Range);

/// <summary>A dependency, equal to every other that says the same.</summary>
internal sealed class Edge(DependencyType type, Target[] targets) : IEquatable<Edge>
{
    public DependencyType Type { get; } = type;

    public Target[] Targets { get; } = targets;

    public static Edge Create(CatalogueDependency dependency, NameTable names)
    {
        var targets = new Target[dependency.Targets.Count];
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = new(names.Intern(dependency.Targets[i].Name), dependency.Targets[i].Range);
        }

        return new(dependency.Type, targets);
    }

    public bool Equals(Edge? other) => other is not null && Type == other.Type && Targets.AsSpan().SequenceEqual(other.Targets);

    public override bool Equals(object? obj) => Equals(obj as Edge);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Type);
        foreach (var target in Targets)
        {
            hash.Add(target);
        }

        return hash.ToHashCode();
    }
}
