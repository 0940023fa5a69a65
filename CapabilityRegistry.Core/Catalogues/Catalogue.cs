using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Core.Catalogues;

/// <summary>An immutable snapshot of all that resolution needs to know of one tenant's capabilities.</summary>
/// <remarks>Safe for any number of concurrent readers. A new snapshot made by a <see cref="CatalogueBuilder"/> shares everything that did not change.</remarks>
public sealed class Catalogue
{
    private readonly NameNode?[] _nodes;

    internal Catalogue(NameTable names, NameNode?[] nodes, int capabilities, int versions, long position)
    {
        Names = names;
        _nodes = nodes;
        CapabilityCount = capabilities;
        VersionCount = versions;
        Position = position;
    }

    /// <summary>A snapshot of nothing at position 0.</summary>
    public static Catalogue Empty => new(new(), [], 0, 0, 0);

    /// <summary>How many capabilities have at least one version.</summary>
    public int CapabilityCount { get; }

    /// <summary>How many versions there are.</summary>
    public int VersionCount { get; }

    /// <summary>The position in the event sequence up to which the snapshot has seen everything.</summary>
    public long Position { get; }

    /// <summary>Whether it keeps many more names than when it was made from nothing. Names are never given back: most may be of capabilities that are gone, and it is time to make it from nothing again.</summary>
    public bool IsOutgrown => Names.IsOutgrown;

    internal NameTable Names { get; }

    internal ReadOnlySpan<NameNode?> Nodes => _nodes;

    /// <summary>Whether a capability or a provided service of that name exists.</summary>
    public bool Knows(string name) => Find(name) is { IsKnown: true };

    /// <summary>The versions of a capability, ascending; empty when there is none of that code.</summary>
    public IReadOnlyList<SemanticVersion> VersionsOf(string code) => Find(code)?.Capability is { } node ? [.. node.Versions.Select(v => v.Version)] : [];

    /// <summary>Every capability code, in no order.</summary>
    public IEnumerable<string> Codes() => _nodes.Where(node => node?.Capability is not null).Select(node => node!.Capability!.Code);

    /// <summary>The known name nearest to an unknown one, for "did you mean".</summary>
    public string? Nearest(string name) => Manifests.NearestName.Of(name, _nodes.Where(n => n is { IsKnown: true }).Select(n => Names[n!.Number]));

    internal NameNode? Find(string name) => Names.Find(name) is { } number ? Find(number) : null;

    internal NameNode? Find(int number) => number < _nodes.Length ? _nodes[number] : null;

    internal NameNode?[] CopyNodes(int length)
    {
        var copy = new NameNode?[length];
        _nodes.CopyTo(copy, 0);
        return copy;
    }
}
