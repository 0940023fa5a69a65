using System.Collections.Concurrent;
using System.Text.Json;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Tests.Testing;
using CapabilityRegistry.Worker.Housekeeping;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Tests.Worker;

/// <summary>Consumers of the sequence, driven by the worker's relay over a database of the test's own.</summary>
public sealed class RelayTests(DatabaseServer server) : IAsyncLifetime
{
    private static readonly Dictionary<string, string?> Impatient = new(StringComparer.Ordinal) { ["Relay:FirstPauseMs"] = "1", ["Relay:Attempts"] = "3", ["Relay:DrainSeconds"] = "0" };

    private string _connectionString = "";

    public async ValueTask InitializeAsync() => _connectionString = await server.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_consumer_gets_every_event_once_and_in_order_though_three_workers_run_it()
    {
        var consumer = new Recorder();
        await using var first = await StartAsync(consumer);
        await using var second = await StartAsync(consumer);
        await using var third = await StartAsync(consumer);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(w => PublishAsync(first, $"writer-{w}", 12)));
        var head = await HeadAsync(first);
        await consumer.UntilAsync(head);
        Assert.Equal(Enumerable.Range(1, (int)head).Select(p => (long)p), consumer.Seen);
    }

    [Fact]
    public async Task What_a_worker_did_not_finish_the_next_one_does_again()
    {
        var consumer = new Recorder { Before = _ => Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken) };
        var started = consumer.StartedAsync();
        await using (var first = await StartAsync(consumer))
        {
            await PublishAsync(first, "unfinished", 3);
            await started;
        }

        consumer.Before = null;
        await using var second = await StartAsync(consumer);
        await consumer.UntilAsync(await HeadAsync(second));
        Assert.Equal(consumer.Seen.Distinct(), consumer.Seen);
    }

    [Fact]
    public async Task An_event_that_cannot_be_dealt_with_is_parked_and_holds_up_nothing_until_an_operator_replays_it()
    {
        var isBroken = true;
        var consumer = new Recorder { Before = e => isBroken && e.CapabilityCode == "poison-1" ? throw new InvalidOperationException("It is poison.") : Task.CompletedTask };
        await using var app = await StartAsync(consumer);
        await PublishAsync(app, "poison", 3);
        var head = await HeadAsync(app);
        await consumer.UntilAsync(head);
        Assert.Equal(head - 1, consumer.Seen.Count());

        var listed = await OperateAsync(app, HttpMethod.Get, "/api/registry/events/parked");
        var parked = Assert.Single(listed.Json.GetProperty("items").EnumerateArray());
        Assert.Equal(("recorder", "poison-1", 3), (parked.GetProperty("consumer").GetString(), parked.GetProperty("event").GetProperty("capability_code").GetString(), parked.GetProperty("attempts").GetInt32()));
        Assert.Contains("It is poison.", parked.GetProperty("error").GetString(), StringComparison.Ordinal);

        isBroken = false;
        var path = $"/api/registry/events/parked/{parked.GetProperty("parked_event_id").GetString()}";
        Assert.Equal(202, (await OperateAsync(app, HttpMethod.Post, $"{path}/replay")).Status);
        await consumer.UntilAsync(parked.GetProperty("position").GetInt64());
    }

    [Fact]
    public async Task A_parked_event_can_be_given_up_by_an_operator_and_nobody_else()
    {
        var consumer = new Recorder { Before = e => e.CapabilityCode == "given-up-0" ? throw new JsonException("No.") : Task.CompletedTask };
        await using var app = await StartAsync(consumer);
        await PublishAsync(app, "given-up", 1);
        await Recorder.UntilParkedAsync(app);
        var listed = await OperateAsync(app, HttpMethod.Get, "/api/registry/events/parked?consumer=recorder");
        var path = $"/api/registry/events/parked/{listed.Json.GetProperty("items")[0].GetProperty("parked_event_id").GetString()}";
        Assert.Equal(403, (await app.SendAsync(HttpMethod.Delete, path)).Status);
        Assert.Equal(204, (await OperateAsync(app, HttpMethod.Delete, path)).Status);
        Assert.Equal(404, (await OperateAsync(app, HttpMethod.Delete, path)).Status);
        Assert.Equal(0, (await OperateAsync(app, HttpMethod.Get, "/api/registry/events/parked")).Json.GetProperty("total_count").GetInt32());
    }

    [Fact]
    public async Task While_something_is_away_nothing_is_parked()
    {
        var failures = 0;
        var consumer = new Recorder { Before = _ => Interlocked.Increment(ref failures) <= 10 ? throw new ConsumerUnavailableException("It is away.") : Task.CompletedTask };
        await using var app = await StartAsync(consumer);
        await PublishAsync(app, "away", 2);
        var head = await HeadAsync(app);
        await consumer.UntilAsync(head);
        Assert.Equal(Enumerable.Range(1, (int)head).Select(p => (long)p), consumer.Seen);
        Assert.Equal(0, (await OperateAsync(app, HttpMethod.Get, "/api/registry/events/parked")).Json.GetProperty("total_count").GetInt32());
    }

    [Fact]
    public async Task Old_events_go_when_every_consumer_has_dealt_with_them_and_the_feed_says_so()
    {
        var consumer = new Recorder();
        await using var app = await StartAsync(consumer);
        await PublishAsync(app, "old", 4);
        var head = await HeadAsync(app);
        await consumer.UntilAsync(head);
        await Recorder.UntilPlaceAsync(app, head);
        var later = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(91));
        using var sweeper = new EventSweeper(app.Services.GetRequiredService<SystemDatabase>(), Options.Create(new EventRetentionOptions()), later, NullLogger<EventSweeper>.Instance);
        Assert.Equal(head - 1, await sweeper.SweepAsync(TestContext.Current.CancellationToken));
        Assert.Equal(410, (await app.GetAsync("/api/changes?since=0")).Status);
        Assert.Equal(200, (await app.GetAsync($"/api/changes?since={head - 1}")).Status);
        await PublishAsync(app, "new", 1);
        Assert.Equal(head + 1, await HeadAsync(app));
        Assert.Equal("resolved", (await app.PostAsync("/api/dependencies/resolve", Sample.Resolve("old-0"))).Json.GetProperty("status").GetString());
    }

    private Task<RegistryApp> StartAsync(IEventConsumer consumer) =>
        RegistryApp.StartAsync(_connectionString, withWorker: true, Impatient, builder => builder.Services.AddSingleton(consumer));

    private static async Task PublishAsync(RegistryApp app, string prefix, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(201, (await app.PostAsync("/api/capabilities", Sample.Manifest($"{prefix}-{i}"))).Status);
        }
    }

    private static Task<long> HeadAsync(RegistryApp app) => app.Services.GetRequiredService<Sequencer>().RunAsync(TestContext.Current.CancellationToken);

    private static async Task<Answer> OperateAsync(RegistryApp app, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new("Bearer", await app.Tokens.OfAsync(TestTokens.Tenant, Roles.RegistryAdmin));
        using var response = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.OfAsync(response);
    }

    /// <summary>Writes down what it is given.</summary>
    private sealed class Recorder : IEventConsumer
    {
        private readonly ConcurrentQueue<long> _seen = new();
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => "recorder";

        public int BatchSize => 7;

        public Func<SequencedEvent, Task>? Before { get; set; }

        public IEnumerable<long> Seen => _seen;

        public async Task HandleAsync(IReadOnlyList<SequencedEvent> batch, CancellationToken cancellationToken)
        {
            _started.TrySetResult();
            foreach (var e in batch)
            {
                await (Before?.Invoke(e) ?? Task.CompletedTask).WaitAsync(cancellationToken);
            }

            foreach (var e in batch)
            {
                _seen.Enqueue(e.Position);
            }
        }

        public Task StartedAsync() => _started.Task;

        public Task UntilAsync(long position) => UntilAsync(() => Task.FromResult(_seen.Contains(position)));

        public static Task UntilParkedAsync(RegistryApp app) => UntilAsync(async () => (await OperateAsync(app, HttpMethod.Get, "/api/registry/events/parked")).Json.GetProperty("total_count").GetInt32() > 0);

        public static Task UntilPlaceAsync(RegistryApp app, long position) => UntilAsync(async () =>
        {
            await using var connection = await app.Services.GetRequiredService<SystemDatabase>().OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand("SELECT min(position) FROM event_consumers", connection);
            return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))! >= position;
        });

        private static async Task UntilAsync(Func<Task<bool>> condition)
        {
            for (var look = 0; !await condition(); look++)
            {
                Assert.True(look < 6_000, "It does not happen.");
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }
}
