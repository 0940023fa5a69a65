using StackExchange.Redis;

namespace CapabilityRegistry.Api.Limits;

/// <summary>The buckets that all processes share.</summary>
internal sealed class RedisBuckets(IConnectionMultiplexer redis, Allowance allowance) : IBuckets
{
    private const string Prefix = "registry:limit:";

    /// <summary>The arithmetic of <see cref="Allowance"/>, in one step that no other can come between.</summary>
    /// <remarks>
    /// The time is Redis' own, so that the clocks of the processes do not matter; should it be set back, the bucket goes on from there. All numbers are integers below 2^53,
    /// which Lua's doubles hold exactly; where a product is not, the result is below zero anyway. A key lives as long as its bucket needs to be full: no key is a full bucket.
    /// </remarks>
    private const string Script =
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local rate, capacity, token = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local missing = 0
        local was, at = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+)$')
        if was then
            missing = math.min(capacity, math.max(0, tonumber(was) - math.max(0, now - tonumber(at)) * rate))
        end
        local allowed = missing + token <= capacity
        if allowed then
            missing = missing + token
        end
        redis.call('SET', KEYS[1], string.format('%.0f %.0f', missing, now), 'PX', string.format('%.0f', math.ceil(missing / rate / 1000) + 1))
        return { allowed and 1 or 0, missing }
        """;

    private readonly RedisValue[] _arguments = [allowance.PerMinute, allowance.Capacity, Allowance.Token];

    /// <summary>Takes a token if there is one.</summary>
    /// <exception cref="RedisException">Redis cannot be reached or refuses.</exception>
    public async ValueTask<Verdict> TakeAsync(BucketKey key)
    {
        if (!redis.IsConnected)
        {
            // Commands would wait for the connection to come back, and then take tokens that nobody asked for any more.
            throw new RedisConnectionException(ConnectionFailureType.UnableToConnect, CommandFlags.None, "There is no connection.");
        }

        var result = (long[])(await redis.GetDatabase().ScriptEvaluateAsync(Script, [$"{Prefix}{key}"], _arguments))!;
        return new(result[0] == 1, result[1]);
    }
}
