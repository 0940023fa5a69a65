using CapabilityRegistry.Core.Catalogues;

namespace CapabilityRegistry.Core.Resolution;

/// <summary>Writes a set of versions of a capability as a range over the versions that there are.</summary>
internal static class VersionSetText
{
    /// <summary>For programs: exact when pre-releases are counted; a range that nothing is in for the empty set.</summary>
    public static string Exact(CapabilityNode node, ReadOnlySpan<ulong> set)
    {
        var runs = Runs(node, set);
        return runs.Count == 0
            ? "<0.0.0-0"
            : string.Join(" || ", runs.Select(run => run.First == run.Last ? $"={Plain(node, run.First)}" : $">={Plain(node, run.First)} <={Plain(node, run.Last)}"));
    }

    /// <summary>For people: <c>1.2.0</c>, <c>&gt;=2.0.0</c>, <c>&lt;3.0.0</c>; nothing at all when the set is all versions.</summary>
    public static string Short(CapabilityNode node, ReadOnlySpan<ulong> set)
    {
        var runs = Runs(node, set);
        if (runs is [var only] && only == (0, node.Versions.Length - 1) && node.Versions.Length > 1)
        {
            return "";
        }

        var shown = runs.Take(3).Select(run => Run(node, run.First, run.Last));
        return string.Join(" or ", shown) + (runs.Count > 3 ? $" or {runs.Count - 3} more spans" : "");
    }

    private static string Run(CapabilityNode node, int first, int last)
    {
        if (first == last)
        {
            return Plain(node, first);
        }

        var lower = first == 0 ? "" : $">={Plain(node, first)}";
        var upper = last == node.Versions.Length - 1 ? "" : $"<{Plain(node, last + 1)}";
        return $"{lower} {upper}".Trim();
    }

    private static List<(int First, int Last)> Runs(CapabilityNode node, ReadOnlySpan<ulong> set)
    {
        var runs = new List<(int First, int Last)>();
        for (var i = 0; i < node.Versions.Length; i++)
        {
            if (!Bits.Has(set, i))
            {
                continue;
            }

            if (runs.Count > 0 && runs[^1].Last == i - 1)
            {
                runs[^1] = (runs[^1].First, i);
            }
            else
            {
                runs.Add((i, i));
            }
        }

        return runs;
    }

    private static string Plain(CapabilityNode node, int version) => node.Versions[version].Version.ToString().Split('+')[0];
}
