using StackExchange.Redis;

namespace CapabilityRegistry.Api.Limits;

/// <summary>Shared buckets while they answer, this process' own while they do not. No request fails because of them.</summary>
internal sealed partial class SharedBuckets(IBuckets shared, LocalBuckets local, TimeProvider clock, ILogger<SharedBuckets> logger) : IBuckets
{
    /// <summary>How long a request waits at most; usually an answer takes less than a thousandth of it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>How often one request tries again during an outage, so that not every one has to be patient.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    /// <summary>The timestamp of the next try during an outage; 0 when there is none.</summary>
    private long _nextTry;

    public async ValueTask<Verdict> TakeAsync(BucketKey key)
    {
        var nextTry = Volatile.Read(ref _nextTry);
        if (nextTry != 0 && !IsOursToTry(nextTry))
        {
            return local.Take(key);
        }

        try
        {
            var verdict = await shared.TakeAsync(key).AsTask().WaitAsync(Patience, clock);
            if (nextTry != 0 && Interlocked.Exchange(ref _nextTry, 0) != 0)
            {
                Log.Recovered(logger);
            }

            return verdict;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            if (Interlocked.Exchange(ref _nextTry, After(RetryInterval)) == 0)
            {
                Log.Unavailable(logger, exception.Message);
            }

            return local.Take(key);
        }
    }

    private bool IsOursToTry(long nextTry) =>
        clock.GetTimestamp() >= nextTry && Interlocked.CompareExchange(ref _nextTry, After(RetryInterval), nextTry) == nextTry;

    private long After(TimeSpan interval) => clock.GetTimestamp() + (long)(interval.TotalSeconds * clock.TimestampFrequency);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Redis does not answer: every process limits rates by itself until it does: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Information, "Redis answers again: rates are limited across processes")]
        public static partial void Recovered(ILogger logger);
    }
}
