using CapabilityRegistry.Api.Limits;
using CapabilityRegistry.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace CapabilityRegistry.Tests.Api.Limits;

/// <summary>Processes that share their buckets through a real Redis. The rates are so slow that no token comes back while a test runs.</summary>
public sealed class RedisBucketsTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const string Client = "acme/one";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_processes_allow_together_exactly_the_burst()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, RedisServer.Missing);
        await using var one = await LimitedApp.StartAsync(perMinute: 1, burst: 50, redis.ConnectionString);
        await using var other = await LimitedApp.StartAsync(perMinute: 1, burst: 50, redis.ConnectionString);
        var clients = Enumerable.Range(0, 8).Select(client => Task.Run(() => (client % 2 == 0 ? one : other).StatusesAsync(50, "acme/parallel"), Cancellation));
        var statuses = (await Task.WhenAll(clients)).SelectMany(s => s.Split(' ')).ToArray();
        Assert.Equal((50, 350), (statuses.Count(s => s == "200"), statuses.Count(s => s == "429")));
    }

    [Fact]
    public async Task While_tokens_come_back_no_more_pass_than_the_burst_and_what_came_back()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, RedisServer.Missing);
        const int PerMinute = 30_000, Burst = 20;
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var buckets = new RedisBuckets(connection, new(new() { RequestsPerMinute = PerMinute, Burst = Burst }));
        var started = TimeProvider.System.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => CountAllowedAsync(buckets, 500), Cancellation)));
        var refilled = TimeProvider.System.GetElapsedTime(started).TotalMinutes * PerMinute;

        // One more, because the clock of Redis may be slewed while this one is not.
        Assert.InRange(counts.Sum(), Burst, Burst + (int)refilled + 1);
    }

    [Fact]
    public async Task A_bucket_is_kept_until_it_is_full_and_remaining_agrees_with_the_local_one()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, RedisServer.Missing);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var allowance = new Allowance(new() { RequestsPerMinute = 7, Burst = 3 });
        var buckets = new RedisBuckets(connection, allowance);
        var verdicts = new List<(bool, long)>();
        for (var i = 0; i < 4; i++)
        {
            var verdict = await buckets.TakeAsync(BucketKey.Of("acme", "kept"));
            verdicts.Add((verdict.Allowed, allowance.Remaining(verdict.Missing)));
        }

        Assert.Equal([(true, 2), (true, 1), (true, 0), (false, 0)], verdicts);
        var life = await connection.GetDatabase().KeyTimeToLiveAsync("registry:limit:client:4:acme:kept");
        Assert.InRange(life!.Value, TimeSpan.FromSeconds(1), allowance.UntilFull(allowance.Capacity) + TimeSpan.FromMilliseconds(2));
    }

    [Fact]
    public async Task A_wiped_redis_is_a_redis_of_full_buckets()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, RedisServer.Missing);
        await using var own = await StartOwnAsync();
        await using var app = await LimitedApp.StartAsync(perMinute: 1, burst: 2, own.ConnectionString);
        Assert.Equal("200 200 429", await app.StatusesAsync(3, Client));
        var connection = app.Services.GetRequiredService<IConnectionMultiplexer>();
        await connection.GetDatabase().ExecuteAsync("FLUSHALL");
        Assert.Equal("200 200 429", await app.StatusesAsync(3, Client));
        await connection.GetDatabase().ExecuteAsync("FLUSHALL");
        await connection.GetDatabase().ExecuteAsync("SCRIPT", "FLUSH");
        Assert.Equal("200 200 429", await app.StatusesAsync(3, Client));
        Assert.Equal(["registry:limit:client:4:acme:one"], await KeysAsync(connection));
    }

    [Fact]
    public async Task A_killed_redis_fails_no_request_and_is_used_again_when_it_is_back()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, RedisServer.Missing);
        await using var own = await StartOwnAsync();
        await using var app = await LimitedApp.StartAsync(perMinute: 1, burst: 2, own.ConnectionString);
        var connection = app.Services.GetRequiredService<IConnectionMultiplexer>();
        Assert.Equal("200 200 429", await app.StatusesAsync(3, Client));
        await own.KillAsync();
        Assert.Equal("200 200 429 429", await app.StatusesAsync(4, Client));

        var restored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionRestored += (_, restoration) => _ = restoration.ConnectionType is ConnectionType.Interactive && restored.TrySetResult();
        await own.RestartAsync();
        await restored.Task.WaitAsync(Cancellation);
        app.Clock.Advance(SharedBuckets.RetryInterval);
        Assert.Equal("200 200 429", await app.StatusesAsync(3, Client));
        Assert.Equal(["registry:limit:client:4:acme:one"], await KeysAsync(connection));
    }

    [Fact]
    public async Task An_api_that_starts_without_its_redis_limits_by_itself()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, RedisServer.Missing);
        await using var own = await StartOwnAsync();
        await own.KillAsync();
        await using var app = await LimitedApp.StartAsync(perMinute: 1, burst: 2, own.ConnectionString);
        Assert.Equal("200 200 429", await app.StatusesAsync(3, Client));
    }

    private static async Task<RedisServer> StartOwnAsync()
    {
        var own = new RedisServer();
        await own.InitializeAsync();
        return own;
    }

    private static async Task<int> CountAllowedAsync(RedisBuckets buckets, int count)
    {
        var allowed = 0;
        for (var i = 0; i < count; i++)
        {
            allowed += (await buckets.TakeAsync(BucketKey.Of("acme", "steady"))).Allowed ? 1 : 0;
        }

        return allowed;
    }

    private static async Task<string[]> KeysAsync(IConnectionMultiplexer connection) =>
        (string[])(await connection.GetDatabase().ExecuteAsync("KEYS", "registry:limit:*"))!;
}
