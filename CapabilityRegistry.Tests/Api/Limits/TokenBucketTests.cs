using System.Net;
using CapabilityRegistry.Api.Limits;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace CapabilityRegistry.Tests.Api.Limits;

public sealed class TokenBucketTests
{
    private static readonly BucketKey Key = BucketKey.Of("tenant", "client");

    private static readonly Gen<RateLimitOptions> Options = Gen.Select(
        Gen.OneOf(Gen.Int[1, 200], Gen.Int[1, 1_000_000]), Gen.Int[1, 20], (perMinute, burst) => new RateLimitOptions { RequestsPerMinute = perMinute, Burst = burst });

    /// <summary>Microseconds before each request: none, about a token's worth, or a pause.</summary>
    private static readonly Gen<int[]> Gaps = Gen.OneOf(Gen.Const(0), Gen.Int[0, 1_000_000], Gen.Int[0, 120_000_000]).Array[1, 60];

    [Fact]
    public void A_new_bucket_allows_the_burst_and_no_more()
    {
        var (buckets, _, _) = Make(perMinute: 100, burst: 20);
        Assert.Equal(20, Enumerable.Range(0, 50).Count(_ => buckets.Take(Key).Allowed));
    }

    [Fact]
    public void Tokens_come_back_evenly_not_minute_by_minute()
    {
        var (buckets, clock, _) = Make(perMinute: 100, burst: 20);
        Exhaust(buckets);
        clock.Advance(TimeSpan.FromMilliseconds(599));
        Assert.False(buckets.Take(Key).Allowed);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(buckets.Take(Key).Allowed);
        Assert.False(buckets.Take(Key).Allowed);
    }

    [Fact]
    public void A_bucket_holds_the_burst_however_long_the_pause()
    {
        var (buckets, clock, _) = Make(perMinute: 1_000_000, burst: 7);
        Exhaust(buckets);
        clock.Advance(TimeSpan.FromDays(1_000));
        Assert.Equal(7, Enumerable.Range(0, 50).Count(_ => buckets.Take(Key).Allowed));
    }

    [Fact]
    public void Remaining_and_the_times_count_what_is_missing()
    {
        var (buckets, clock, allowance) = Make(perMinute: 60, burst: 3);
        var first = buckets.Take(Key).Missing;
        Assert.Equal((2, TimeSpan.FromSeconds(1), TimeSpan.Zero), (allowance.Remaining(first), allowance.UntilFull(first), allowance.UntilNext(first)));
        Exhaust(buckets);
        clock.Advance(TimeSpan.FromSeconds(0.25));
        var refused = buckets.Take(Key).Missing;
        Assert.Equal((0, TimeSpan.FromSeconds(2.75), TimeSpan.FromSeconds(0.75)), (allowance.Remaining(refused), allowance.UntilFull(refused), allowance.UntilNext(refused)));
    }

    [Fact]
    public void No_stretch_of_time_allows_more_than_the_burst_and_what_it_refilled() => Gen.Select(Options, Gaps).Sample((options, gaps) =>
    {
        var (buckets, clock, _) = Make(options.RequestsPerMinute, options.Burst);
        var (now, allowed) = (0L, new List<long>());
        foreach (var gap in gaps)
        {
            clock.Advance(TimeSpan.FromMicroseconds(gap));
            now += gap;
            if (buckets.Take(Key).Allowed)
            {
                allowed.Add(now);
            }
        }

        return Enumerable.Range(0, allowed.Count).All(first => Enumerable.Range(first, allowed.Count - first)
            .All(last => last - first + 1 <= options.Burst + ((allowed[last] - allowed[first]) * options.RequestsPerMinute / 60_000_000)));
    });

    [Fact]
    public void A_refused_request_is_refused_until_the_time_it_was_told_and_allowed_then() => Gen.Select(Options, Gaps).Sample((options, gaps) =>
    {
        var (buckets, clock, allowance) = Make(options.RequestsPerMinute, options.Burst);
        foreach (var gap in gaps)
        {
            clock.Advance(TimeSpan.FromMicroseconds(gap));
            if (buckets.Take(Key) is { Allowed: false } refused)
            {
                var wait = allowance.UntilNext(refused.Missing);
                clock.Advance(wait - TimeSpan.FromMicroseconds(1));
                Assert.False(buckets.Take(Key).Allowed);
                clock.Advance(TimeSpan.FromMicroseconds(1));
                Assert.True(buckets.Take(Key).Allowed);
            }
        }
    });

    [Fact]
    public async Task Parallel_requests_share_the_burst_exactly()
    {
        var (buckets, _, _) = Make(perMinute: 100, burst: 200_000);
        var counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 50_000).Count(_ => buckets.Take(Key).Allowed))));
        Assert.Equal(200_000, counts.Sum());
    }

    [Fact]
    public void Buckets_that_are_full_again_are_dropped()
    {
        var (buckets, clock, _) = Make(perMinute: 60_000, burst: 20);
        for (var client = 0; client < 50_000; client++)
        {
            buckets.Take(BucketKey.Of("tenant", $"client-{client}"));
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(buckets.Count, 1, 2_048);
    }

    [Fact]
    public void Only_a_full_bucket_can_be_dropped_and_nothing_is_taken_from_it_any_more()
    {
        var bucket = new TokenBucket(new(new() { RequestsPerMinute = 60, Burst = 2 }), now: 0);
        Assert.True(bucket.TryTake(0)?.Allowed);
        Assert.False(bucket.TryDrop(999_999));
        Assert.True(bucket.TryDrop(1_000_000));
        Assert.Null(bucket.TryTake(1_000_000));
    }

    [Fact]
    public void Owners_of_different_kinds_never_share_a_bucket()
    {
        BucketKey[] keys =
        [
            BucketKey.Of("a", "b"), BucketKey.Of("b", "a"), BucketKey.Of("a:b", "c"), BucketKey.Of("a", "b:c"), BucketKey.Of("", "10.0.0.1"), BucketKey.Of("10.0.0.1", ""),
            BucketKey.Of(IPAddress.Parse("10.0.0.1")), BucketKey.Of(IPAddress.Parse("::a00:1")), BucketKey.Of(IPAddress.Parse("0:0:a00:1::")), BucketKey.Of("ip4", "0a000001"),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys.Length, keys.Select(key => key.ToString()).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void Addresses_share_a_bucket_when_they_are_one_subscribers(string one, string other, bool shared) =>
        Assert.Equal(shared, BucketKey.Of(IPAddress.Parse(one)) == BucketKey.Of(IPAddress.Parse(other)));

    private static (LocalBuckets Buckets, FakeTimeProvider Clock, Allowance Allowance) Make(int perMinute, int burst)
    {
        var (clock, allowance) = (new FakeTimeProvider(), new Allowance(new() { RequestsPerMinute = perMinute, Burst = burst }));
        return (new(allowance, clock), clock, allowance);
    }

    private static void Exhaust(LocalBuckets buckets)
    {
        while (buckets.Take(Key).Allowed)
        {
        }
    }
}
