namespace CapabilityRegistry.ServiceDefaults.Configuration;

/// <summary>Finds the known name that a misspelt one was meant to be. (Core has a finer one, which this project may not reference.)</summary>
internal static class Nearest
{
    private const int Edits = 2;

    /// <summary>The known name that is at most two letters away, whatever the case; the nearest when there are several.</summary>
    public static string? Of(string unknown, IReadOnlyCollection<string> known) =>
        Enumerable.Range(0, Edits + 1)
            .Select(edits => known.FirstOrDefault(name => IsWithin(unknown.ToUpperInvariant(), name.ToUpperInvariant(), edits)))
            .FirstOrDefault(name => name is not null);

    private static bool IsWithin(ReadOnlySpan<char> left, ReadOnlySpan<char> right, int edits)
    {
        var common = left.CommonPrefixLength(right);
        left = left[common..];
        right = right[common..];
        return left.IsEmpty || right.IsEmpty
            ? left.Length + right.Length <= edits
            : edits > 0 && (IsWithin(left[1..], right[1..], edits - 1) || IsWithin(left[1..], right, edits - 1) || IsWithin(left, right[1..], edits - 1));
    }
}
