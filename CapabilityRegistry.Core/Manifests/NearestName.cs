namespace CapabilityRegistry.Core.Manifests;

/// <summary>Finds the known name that an unknown one was probably meant to be.</summary>
public static class NearestName
{
    /// <summary>A sentence with a leading space, " Did you mean 'x'?", or nothing when no known name is near.</summary>
    public static string Hint(string unknown, IEnumerable<string> known) => Of(unknown, known) is { } name ? $" Did you mean '{name}'?" : "";

    /// <summary>The known name with the smallest Levenshtein distance, when that is at most a third of its length and at least one letter in two is right.</summary>
    public static string? Of(string unknown, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(unknown);
        ArgumentNullException.ThrowIfNull(known);
        if (unknown.Length is 0 or > 64)
        {
            return null;
        }

        var folded = unknown.ToLowerInvariant();
        var best = known
            .Select(name => (Name: name, Distance: Distance(folded, name)))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        if (best.Name is null)
        {
            return null;
        }

        var part = best.Name.Contains(folded, StringComparison.Ordinal) && folded.Length >= 4;
        return part || best.Distance <= Math.Max(1, Math.Min(best.Name.Length, folded.Length) / 3) ? best.Name : null;
    }

    private static int Distance(string left, string right)
    {
        var previous = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substitution = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[right.Length];
    }
}
