using System.Numerics;

namespace CapabilityRegistry.Api.Analytics;

/// <summary>How long the requests of one route took, minute by minute, for as many minutes as are kept. Recording takes no lock, and allocates once a minute.</summary>
/// <remarks>Durations are counted in classes an eighth wide, so that a percentile is at most an eighth too large.</remarks>
internal sealed class RouteTimes
{
    /// <summary>The minutes that are summed up: the last full ones and the present.</summary>
    public const int Minutes = 5;

    private const int FractionBits = 3;
    private const int Classes = 36 << FractionBits;

    private readonly Minute?[] _minutes = new Minute?[Minutes];

    /// <summary>Adds a request.</summary>
    /// <param name="minute">The number of the present minute.</param>
    /// <param name="microseconds">How long it took.</param>
    /// <param name="status">Its status.</param>
    public void Record(long minute, long microseconds, int status)
    {
        ref var place = ref _minutes[minute % Minutes];
        var current = Volatile.Read(ref place);
        if (current is null || current.Number < minute)
        {
            var made = new Minute(minute);
            current = Interlocked.CompareExchange(ref place, made, current) == current ? made : Volatile.Read(ref place)!;
        }

        Interlocked.Increment(ref current.Counts[ClassOf(microseconds)]);
        if (status >= 400)
        {
            Interlocked.Increment(ref status >= 500 ? ref current.ServerErrors : ref current.ClientErrors);
        }
    }

    /// <summary>Sums up the minutes that are kept.</summary>
    public RouteSummary Sum(long minute)
    {
        var (counts, clientErrors, serverErrors) = (new long[Classes], 0L, 0L);
        foreach (var kept in _minutes)
        {
            if (kept is not null && kept.Number > minute - Minutes)
            {
                for (var i = 0; i < Classes; i++)
                {
                    counts[i] += Volatile.Read(ref kept.Counts[i]);
                }

                clientErrors += Volatile.Read(ref kept.ClientErrors);
                serverErrors += Volatile.Read(ref kept.ServerErrors);
            }
        }

        return new(counts.Sum(), clientErrors, serverErrors, Percentile(counts, 0.5), Percentile(counts, 0.95), Percentile(counts, 0.99));
    }

    /// <summary>Small durations have a class each; of larger ones the leading bits say which.</summary>
    internal static int ClassOf(long microseconds)
    {
        var value = (ulong)Math.Max(0, microseconds);
        var shift = Math.Max(0, BitOperations.Log2(value) - FractionBits);
        return Math.Min(Classes - 1, (shift << FractionBits) + (int)(value >> shift));
    }

    /// <summary>The first duration, in microseconds, that is beyond a class.</summary>
    internal static long EndOf(int index)
    {
        var shift = Math.Max(0, (index >> FractionBits) - 1);
        return ((long)(index - (shift << FractionBits)) + 1) << shift;
    }

    private static double? Percentile(long[] counts, double part)
    {
        var (total, seen) = (counts.Sum(), 0L);
        var rank = Math.Max(1, (long)Math.Ceiling(part * total));
        for (var i = 0; i < Classes && total > 0; i++)
        {
            seen += counts[i];
            if (seen >= rank)
            {
                return EndOf(i) / 1000.0;
            }
        }

        return null;
    }

    private sealed class Minute(long number)
    {
        public long ClientErrors;
        public long ServerErrors;

        public long Number { get; } = number;

        public long[] Counts { get; } = new long[Classes];
    }
}

/// <summary>The requests of a route; durations in milliseconds.</summary>
internal sealed record RouteSummary(long Count, long ClientErrors, long ServerErrors, double? P50, double? P95, double? P99);
