using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Usage;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Api.Usage;

/// <summary>The uses that this process has counted and not yet written down: without a lock, without an allocation once a key is known, and bounded in number.</summary>
/// <remarks>Counting never waits and never fails. What finds no room is not counted, and how often that happens is a metric.</remarks>
internal sealed class UsageCounters(IOptions<UsageOptions> options)
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<UsageKey, UsageCounter> _counters = new();
    private readonly UsageOptions _options = options.Value;
    private int _size;
    private long _dropped;

    /// <summary>The number of counters.</summary>
    public int Size => Volatile.Read(ref _size);

    /// <summary>The uses that found no room since this was last asked.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref _dropped, 0);

    /// <summary>The counter of a key, to be kept with what is used; null when nothing is counted.</summary>
    public UsageCounter? Of(string tenantId, string code, UsageKind kind)
    {
        var key = new UsageKey(tenantId, code, kind);
        return !_options.Counting ? null : TryFind(key, out var counter) ? counter : new(this, key, isListed: false);
    }

    /// <summary>Counts uses of a key.</summary>
    public void Count(UsageKey key, long uses = 1)
    {
        if (!_options.Counting)
        {
            return;
        }

        if (TryFind(key, out var counter))
        {
            counter.Count(uses);
        }
        else
        {
            Interlocked.Add(ref _dropped, uses);
        }
    }

    /// <summary>Takes everything that was counted. One at a time.</summary>
    /// <param name="take">Gets each key with its uses, perhaps more than once.</param>
    public void Drain(Action<UsageKey, long> take)
    {
        var patience = Size > _options.MostCounters / 2 ? 1 : Math.Max(1, (int)(IdleTime.TotalSeconds / _options.FlushSeconds));
        foreach (var (key, counter) in _counters)
        {
            var uses = counter.Take();
            if (counter.IdleFor >= patience && _counters.TryRemove(key, out _))
            {
                Interlocked.Decrement(ref _size);
                uses += counter.Retire();
            }

            if (uses > 0)
            {
                take(key, uses);
            }
        }
    }

    private bool TryFind(UsageKey key, [MaybeNullWhen(false)] out UsageCounter counter) => _counters.TryGetValue(key, out counter) || TryAdd(key, out counter);

    private bool TryAdd(UsageKey key, [MaybeNullWhen(false)] out UsageCounter counter)
    {
        if (Interlocked.Increment(ref _size) > _options.MostCounters)
        {
            Interlocked.Decrement(ref _size);
            counter = null;
            return false;
        }

        var made = new UsageCounter(this, key, isListed: true);
        counter = _counters.GetOrAdd(key, made);
        if (!ReferenceEquals(counter, made))
        {
            Interlocked.Decrement(ref _size);
        }

        return true;
    }
}
