using CapabilityRegistry.Api.Limits;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace CapabilityRegistry.Tests.Api.Limits;

/// <summary>What happens when the shared buckets do not answer.</summary>
public sealed class SharedBucketsTests
{
    private static readonly BucketKey Key = BucketKey.Of("tenant", "client");

    private readonly FakeTimeProvider _clock = new();
    private readonly LogLines _log = new();
    private readonly Stub _stub = new();
    private readonly SharedBuckets _buckets;

    public SharedBucketsTests()
    {
        var allowance = new Allowance(new() { RequestsPerMinute = 1, Burst = 2 });
        _buckets = new(_stub, new(allowance, _clock), _clock, _log);
    }

    [Fact]
    public async Task A_failure_is_answered_by_the_local_bucket_and_logged_once_as_is_the_recovery()
    {
        Assert.Equal(Stub.Answer, await _buckets.TakeAsync(Key));
        _stub.Take = () => throw new RedisException("away");
        Assert.True((await _buckets.TakeAsync(Key)).Allowed);
        Assert.True((await _buckets.TakeAsync(Key)).Allowed);
        Assert.False((await _buckets.TakeAsync(Key)).Allowed);
        _clock.Advance(SharedBuckets.RetryInterval);
        Assert.False((await _buckets.TakeAsync(Key)).Allowed);
        _stub.Take = Stub.AnswerAsync;
        Assert.False((await _buckets.TakeAsync(Key)).Allowed);
        _clock.Advance(SharedBuckets.RetryInterval);
        Assert.Equal(Stub.Answer, await _buckets.TakeAsync(Key));
        Assert.Equal([LogLevel.Warning, LogLevel.Information], _log.Levels);
    }

    [Fact]
    public async Task A_request_waits_no_longer_than_its_patience_and_during_an_outage_only_one_a_second_waits()
    {
        _stub.Take = () => new TaskCompletionSource<Verdict>().Task;
        var waiting = _buckets.TakeAsync(Key);
        Assert.False(waiting.IsCompleted);
        _clock.Advance(SharedBuckets.Patience);
        Assert.True((await waiting).Allowed);
        Assert.True((await _buckets.TakeAsync(Key)).Allowed);
        Assert.Equal(1, _stub.Calls);

        _clock.Advance(SharedBuckets.RetryInterval);
        var trying = _buckets.TakeAsync(Key);
        Assert.False((await _buckets.TakeAsync(Key)).Allowed);
        Assert.False(trying.IsCompleted);
        Assert.Equal(2, _stub.Calls);
        _clock.Advance(SharedBuckets.Patience);
        Assert.False((await trying).Allowed);
        Assert.Equal([LogLevel.Warning], _log.Levels);
    }

    private sealed class Stub : IBuckets
    {
        public static readonly Verdict Answer = new(true, 4_711);

        public Func<Task<Verdict>> Take { get; set; } = AnswerAsync;

        public int Calls { get; private set; }

        public static Task<Verdict> AnswerAsync() => Task.FromResult(Answer);

        public async ValueTask<Verdict> TakeAsync(BucketKey key)
        {
            Calls++;
            return await Take();
        }
    }

    private sealed class LogLines : ILogger<SharedBuckets>
    {
        public List<LogLevel> Levels { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Levels.Add(logLevel);
    }
}
