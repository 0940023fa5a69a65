using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Api.Events;

/// <summary>Reads which types of events somebody wants: whole names, or the part before the dot with a star.</summary>
internal static class EventTypeFilter
{
    private const string AllSuffix = ".*";

    /// <summary>The types that are meant; all that are visible when none are named.</summary>
    /// <param name="pointer">Where they are named.</param>
    /// <param name="names">The names.</param>
    /// <param name="visible">The types that the caller may see.</param>
    /// <param name="findings">Takes what is wrong.</param>
    public static IReadOnlyList<string> Read(string pointer, IReadOnlyList<string>? names, IReadOnlyList<string> visible, ICollection<Finding> findings)
    {
        if (names is null or ["*"])
        {
            return visible;
        }

        var types = new List<string>();
        foreach (var name in names)
        {
            var matching = name.EndsWith(AllSuffix, StringComparison.Ordinal) ? visible.Where(t => t.StartsWith(name[..^1], StringComparison.Ordinal)).ToArray() : visible.Where(t => t == name).ToArray();
            types.AddRange(matching);
            if (matching.Length == 0)
            {
                findings.Add(new(pointer, "unknown_event_type", $"There is no event type '{name}'.{NearestName.Hint(name, visible)} Known: {string.Join(", ", visible)}."));
            }
        }

        return [.. types.Distinct(StringComparer.Ordinal)];
    }
}
