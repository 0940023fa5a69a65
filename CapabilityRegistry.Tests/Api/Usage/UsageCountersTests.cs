using System.Collections.Concurrent;
using CapabilityRegistry.Api.Usage;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Usage;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Tests.Api.Usage;

public sealed class UsageCountersTests
{
    [Fact]
    public async Task Eight_threads_lose_no_use_while_everything_is_drained_and_retired_under_them()
    {
        const int threads = 8;
        const int each = 200_000;
        const int keys = 40;

        // So few are allowed that what is idle for one look is retired. Whoever is about to add a counter holds a place for it, even when another adds the same.
        var counters = Counters(most: keys + threads, flushSeconds: 3600);
        var held = Enumerable.Range(0, keys).Select(k => counters.Of("tenant", $"c{k}", UsageKind.View)!).ToArray();
        var totals = new ConcurrentDictionary<UsageKey, long>();
        var working = Task.WhenAll(Enumerable.Range(0, threads).Select(t => Task.Run(() =>
        {
            for (var i = 0; i < each; i++)
            {
                // Bursts on one key after the other leave the others idle.
                var k = (i / 2_000 + t) % keys;
                if (i % 2 == 0)
                {
                    held[k].Count();
                }
                else
                {
                    counters.Count(new("tenant", $"c{k}", UsageKind.View));
                }
            }
        })));
        while (!working.IsCompleted)
        {
            counters.Drain((key, uses) => totals.AddOrUpdate(key, uses, (_, sum) => sum + uses));
            await Task.Yield();
        }

        await working;
        counters.Drain((key, uses) => totals.AddOrUpdate(key, uses, (_, sum) => sum + uses));
        Assert.Equal(0, counters.TakeDropped());
        Assert.Equal((long)threads * each, totals.Values.Sum());
        Assert.Equal(keys, totals.Count);
    }

    [Fact]
    public void More_keys_than_there_is_room_for_are_dropped_and_said_so_until_some_are_idle()
    {
        var counters = Counters(most: 100);
        foreach (var i in Enumerable.Range(0, 150))
        {
            counters.Count(new("tenant", $"c{i}", UsageKind.Resolution));
        }

        var late = counters.Of("tenant", "late", UsageKind.View)!;
        late.Count();
        Assert.Equal((100, 51), (counters.Size, counters.TakeDropped()));
        Assert.Equal(100, Drained(counters).Values.Sum());
        Assert.Empty(Drained(counters));
        Assert.Equal(0, counters.Size);
        late.Count(3);
        Assert.Equal(3, Drained(counters)[new("tenant", "late", UsageKind.View)]);
    }

    [Fact]
    public void A_counter_that_was_retired_while_somebody_held_it_counts_all_the_same()
    {
        var counters = Counters(most: 100, flushSeconds: 600);
        var held = counters.Of("tenant", "code", UsageKind.View)!;
        Assert.Empty(Drained(counters));
        Assert.Equal(0, counters.Size);
        held.Count();
        held.Count();
        Assert.Equal(2, Drained(counters).Values.Sum());
    }

    [Fact]
    public void Counting_a_known_key_allocates_nothing()
    {
        var counters = Counters();
        var held = counters.Of("tenant", "code", UsageKind.View)!;
        var key = new UsageKey("tenant", "code", UsageKind.Resolution);

        // The second time is the first that finds it.
        counters.Count(key);
        counters.Count(key);
        held.Count();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            held.Count();
            counters.Count(key);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void When_counting_is_off_nothing_is_counted()
    {
        var counters = new UsageCounters(Options.Create(new UsageOptions { Counting = false }));
        counters.Count(new("tenant", "code", UsageKind.View));
        Assert.Null(counters.Of("tenant", "code", UsageKind.View));
        Assert.Empty(Drained(counters));
    }

    private static UsageCounters Counters(int most = 1_000, int flushSeconds = 5) => new(Options.Create(new UsageOptions { MostCounters = most, FlushSeconds = flushSeconds }));

    private static Dictionary<UsageKey, long> Drained(UsageCounters counters)
    {
        var drained = new Dictionary<UsageKey, long>();
        counters.Drain((key, uses) => drained[key] = drained.GetValueOrDefault(key) + uses);
        return drained;
    }
}
