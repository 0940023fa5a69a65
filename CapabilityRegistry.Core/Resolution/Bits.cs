using System.Numerics;

namespace CapabilityRegistry.Core.Resolution;

/// <summary>Sets of small numbers as words of bits. Operands have equal lengths.</summary>
internal static class Bits
{
    public static bool Has(ReadOnlySpan<ulong> set, int bit) => (set[bit >> 6] >> bit & 1) != 0;

    public static void Add(Span<ulong> set, int bit) => set[bit >> 6] |= 1UL << bit;

    public static void Remove(Span<ulong> set, int bit) => set[bit >> 6] &= ~(1UL << bit);

    public static bool Intersects(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            if ((left[i] & right[i]) != 0)
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsSubset(ReadOnlySpan<ulong> inner, ReadOnlySpan<ulong> outer)
    {
        for (var i = 0; i < inner.Length; i++)
        {
            if ((inner[i] & ~outer[i]) != 0)
            {
                return false;
            }
        }

        return true;
    }

    public static bool IsEmpty(ReadOnlySpan<ulong> set) => !set.ContainsAnyExcept(0UL);

    public static int Count(ReadOnlySpan<ulong> set)
    {
        var count = 0;
        foreach (var word in set)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    /// <summary>The smallest member; the set is not empty.</summary>
    public static int First(ReadOnlySpan<ulong> set)
    {
        var word = set.IndexOfAnyExcept(0UL);
        return (word << 6) + BitOperations.TrailingZeroCount(set[word]);
    }

    /// <summary>Bits 0 to count - 1.</summary>
    public static void Fill(Span<ulong> set, int count)
    {
        set.Clear();
        set[..(count >> 6)].Fill(ulong.MaxValue);
        if ((count & 63) != 0)
        {
            set[count >> 6] = (1UL << count) - 1;
        }
    }
}
