using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Core.Catalogues;

/// <summary>Makes the next snapshot from a snapshot and the capabilities that changed.</summary>
/// <remarks>Costs one copy of an array of references plus work in proportion to what changed. Not safe for concurrent use; two builders over one snapshot are.</remarks>
public sealed class CatalogueBuilder(Catalogue basis)
{
    private readonly Dictionary<int, CapabilityNode?> _changed = [];

    /// <summary>Puts a capability with all its versions in place of what the snapshot had under its code.</summary>
    public void Put(CatalogueCapability capability)
    {
        ArgumentNullException.ThrowIfNull(capability);
        var node = CapabilityNode.Create(capability, basis.Names);
        _changed[node.Name] = node.Versions.Length == 0 ? null : node;
    }

    /// <summary>Takes a capability away.</summary>
    public void Remove(string code) => _changed[basis.Names.Intern(code)] = null;

    /// <summary>The next snapshot.</summary>
    /// <param name="position">Its position in the event sequence.</param>
    public Catalogue Build(long position)
    {
        var touched = new Dictionary<int, Change>();
        var (capabilities, versions) = (basis.CapabilityCount, basis.VersionCount);
        foreach (var (name, after) in _changed)
        {
            var before = basis.Find(name)?.Capability;
            capabilities += (after is null ? 0 : 1) - (before is null ? 0 : 1);
            versions += (after?.Versions.Length ?? 0) - (before?.Versions.Length ?? 0);
            Touch(touched, name);
            Touch(touched, before);
            Offer(touched, after);
        }

        var nodes = basis.CopyNodes(basis.Names.Count);
        foreach (var (name, change) in touched)
        {
            var capability = _changed.TryGetValue(name, out var changed) ? changed : basis.Find(name)?.Capability;
            nodes[name] = Replace(name, capability, basis.Find(name), change);
        }

        if (basis.Nodes.IsEmpty)
        {
            basis.Names.Settle();
        }

        return new(basis.Names, nodes, capabilities, versions, position);
    }

    private NameNode? Replace(int name, CapabilityNode? capability, NameNode? before, Change change)
    {
        var providers = Merge(before?.Providers, p => p.Capability, change.Providers);
        var enhancers = Merge(before?.Enhancers, e => e.Capability, change.Enhancers);
        Array.Sort(providers, static (a, b) => Order(a.Capability, b.Capability, a.Version, b.Version));
        Array.Sort(enhancers, static (a, b) => Order(a.Capability, b.Capability, a.Version, b.Version));
        return capability is null && providers.Length == 0 && enhancers.Length == 0 ? null : new(name, capability, providers, enhancers);
    }

    private T[] Merge<T>(T[]? before, Func<T, CapabilityNode> owner, List<T> added) =>
        [.. (before ?? []).Where(item => !_changed.ContainsKey(owner(item).Name)), .. added];

    private static int Order(CapabilityNode left, CapabilityNode right, int leftVersion, int rightVersion)
    {
        var order = string.CompareOrdinal(left.Code, right.Code);
        return order != 0 ? order : leftVersion.CompareTo(rightVersion);
    }

    /// <summary>Names that a capability no longer stands behind in the same way: their sets of versions are numbered by its old versions.</summary>
    private static void Touch(Dictionary<int, Change> touched, CapabilityNode? before)
    {
        foreach (var version in before?.Versions ?? [])
        {
            foreach (var offer in version.Services)
            {
                Touch(touched, offer.Name);
            }
        }

        foreach (var edge in before?.Edges ?? [])
        {
            if (edge.Type is DependencyType.Enhancing)
            {
                Touch(touched, edge.Targets[0].Name);
            }
        }
    }

    private static void Offer(Dictionary<int, Change> touched, CapabilityNode? after)
    {
        for (var i = 0; i < after?.Versions.Length; i++)
        {
            foreach (var offer in after.Versions[i].Services)
            {
                Touch(touched, offer.Name).Providers.Add(new(after, i, offer.Version));
            }

            foreach (var index in after.Versions[i].Edges)
            {
                if (after.Edges[index] is { Type: DependencyType.Enhancing } edge)
                {
                    Touch(touched, edge.Targets[0].Name).Enhancers.Add(new(after, i, edge.Targets[0].Range));
                }
            }
        }
    }

    private static Change Touch(Dictionary<int, Change> touched, int name)
    {
        if (!touched.TryGetValue(name, out var change))
        {
            touched.Add(name, change = new([], []));
        }

        return change;
    }

    private sealed record Change(List<Provider> Providers, List<Enhancer> Enhancers);
}
