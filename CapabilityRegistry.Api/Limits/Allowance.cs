namespace CapabilityRegistry.Api.Limits;

/// <summary>The arithmetic of a token bucket: in integers, so that it is exact and the same here and in Redis.</summary>
/// <remarks>
/// A bucket is described by what is missing from it. The unit is the 60-millionth of a token, because then every microsecond refills as many units as there are
/// tokens a minute, whatever that number is: nothing is rounded, and a bucket outlives a change of the settings.
/// </remarks>
internal sealed class Allowance(RateLimitOptions options)
{
    /// <summary>One token, in units.</summary>
    public const long Token = 60_000_000;

    /// <summary>Tokens a minute, which is also units a microsecond.</summary>
    public int PerMinute { get; } = options.RequestsPerMinute;

    /// <summary>A full bucket, in units.</summary>
    public long Capacity { get; } = options.Burst * Token;

    /// <summary>What is missing after some more microseconds. The comparison comes before the product because the product of a long time overflows.</summary>
    public long Refill(long missing, long microseconds) => microseconds > missing / PerMinute ? 0 : missing - (microseconds * PerMinute);

    public Verdict Take(long missing) => missing + Token <= Capacity ? new(true, missing + Token) : new(false, missing);

    /// <summary>The whole tokens that are left.</summary>
    public long Remaining(long missing) => Math.Max(0, (Capacity - missing) / Token);

    public TimeSpan UntilFull(long missing) => TimeToRefill(missing);

    /// <summary>How long until a token is there; zero when one is.</summary>
    public TimeSpan UntilNext(long missing) => TimeToRefill(Math.Max(0, missing + Token - Capacity));

    private TimeSpan TimeToRefill(long units) => TimeSpan.FromMicroseconds((units + PerMinute - 1) / PerMinute);
}

/// <summary>Whether a request may pass, and what is missing from its bucket afterwards.</summary>
internal readonly record struct Verdict(bool Allowed, long Missing);
