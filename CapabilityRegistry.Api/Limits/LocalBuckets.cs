using System.Collections.Concurrent;

namespace CapabilityRegistry.Api.Limits;

/// <summary>The buckets of this process.</summary>
/// <remarks>
/// Full buckets are dropped whenever as many were added as the last sweep left over, so there are at most twice as many as were in use, and a sweep costs each
/// addition a constant share.
/// </remarks>
internal sealed class LocalBuckets(Allowance allowance, TimeProvider clock) : IBuckets
{
    private const int FewestAddedBeforeSweep = 1_024;

    private readonly ConcurrentDictionary<BucketKey, TokenBucket> _buckets = new();
    private readonly long _started = clock.GetTimestamp();
    private int _untilSweep = FewestAddedBeforeSweep;

    /// <summary>How many buckets are held.</summary>
    public int Count => _buckets.Count;

    public ValueTask<Verdict> TakeAsync(BucketKey key) => ValueTask.FromResult(Take(key));

    public Verdict Take(BucketKey key)
    {
        var now = clock.GetElapsedTime(_started).Ticks / TimeSpan.TicksPerMicrosecond;
        while (true)
        {
            var bucket = BucketOf(key, now);
            if (bucket.TryTake(now) is { } verdict)
            {
                return verdict;
            }

            _buckets.TryRemove(new(key, bucket));
        }
    }

    private TokenBucket BucketOf(BucketKey key, long now)
    {
        if (_buckets.TryGetValue(key, out var bucket))
        {
            return bucket;
        }

        var added = new TokenBucket(allowance, now);
        bucket = _buckets.GetOrAdd(key, added);
        if (ReferenceEquals(bucket, added) && Interlocked.Decrement(ref _untilSweep) == 0)
        {
            Sweep(now);
        }

        return bucket;
    }

    /// <summary>Only the one who counts to zero is here: until the counter is set again, the others count below it.</summary>
    private void Sweep(long now)
    {
        var left = 0;
        foreach (var entry in _buckets)
        {
            if (entry.Value.TryDrop(now))
            {
                _buckets.TryRemove(entry);
            }
            else
            {
                left++;
            }
        }

        Volatile.Write(ref _untilSweep, Math.Max(FewestAddedBeforeSweep, left));
    }
}
