using CapabilityRegistry.Tests.Testing;
using CapabilityRegistry.Worker.Webhooks;

namespace CapabilityRegistry.Tests.Worker.Webhooks;

/// <summary>Many deliveries, several workers, and ends of all kinds.</summary>
public sealed class DeliveryServiceTests(DatabaseServer server) : IAsyncLifetime
{
    private DeliveryBench _bench = null!;

    private WebhookReceiver Receiver => _bench.Receiver;

    public async ValueTask InitializeAsync() => _bench = await DeliveryBench.CreateAsync(server);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    /// <summary>Killed after the receiver has answered and before that is recorded.</summary>
    [Fact]
    public async Task What_a_killed_worker_sent_but_did_not_record_is_sent_again_under_the_same_id_when_its_lease_ends()
    {
        var (webhook, _) = await _bench.AddWebhookAsync();
        var delivery = await _bench.AddDeliveryAsync(webhook);
        var now = _bench.Clock.GetUtcNow();
        var claimed = Assert.Single(await _bench.Queue.ClaimAsync(now, now + _bench.Service.Lease, 10, 10, new Dictionary<Guid, int>(), TestContext.Current.CancellationToken));
        await _bench.Client.SendAsync(claimed, TestContext.Current.CancellationToken);

        _bench.Clock.Advance(_bench.Service.Lease - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await _bench.DeliverAsync());
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await _bench.DeliverAsync());
        Assert.Equal([$"msg_{delivery:N}", $"msg_{delivery:N}"], Receiver.TakeAll().Select(m => m.Id));
        Assert.Equal("delivered", await _bench.StateAsync(delivery));
    }

    [Fact]
    public async Task Several_workers_share_the_deliveries_and_send_each_once()
    {
        var (one, _) = await _bench.AddWebhookAsync();
        var (two, _) = await _bench.AddWebhookAsync(tenantId: "other");
        for (var i = 0; i < 60; i++)
        {
            await _bench.AddDeliveryAsync(i % 2 == 0 ? one : two);
        }

        var workers = new[] { _bench.Service, _bench.NewService(), _bench.NewService() };
        await Task.WhenAll(workers.Select(async worker =>
        {
            while (await _bench.Queue.CountPendingAsync(TestContext.Current.CancellationToken) > 0)
            {
                await worker.StartDueAsync(TestContext.Current.CancellationToken);
                await worker.DrainAsync();
            }
        }));
        var ids = Receiver.TakeAll().Select(m => m.Id).ToArray();
        Assert.Equal((60, 60), (ids.Length, ids.Distinct().Count()));
        Assert.Equal(60L, await _bench.ScalarAsync("SELECT count(*) FROM webhook_attempts WHERE number = 1"));
    }

    [Fact(Timeout = 60_000)]
    public async Task One_slow_receiver_takes_no_more_than_its_share_and_holds_nobody_up()
    {
        var release = new TaskCompletionSource();
        Receiver.Answer = context => context.Request.Path == "/slow" ? release.Task : Task.CompletedTask;
        var (slow, _) = await _bench.AddWebhookAsync($"{Receiver.Url}/slow");
        var (quick, _) = await _bench.AddWebhookAsync($"{Receiver.Url}/quick");
        for (var i = 0; i < 40; i++)
        {
            await _bench.AddDeliveryAsync(slow);
        }

        _bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await _bench.AddDeliveryAsync(quick);
        Assert.Equal(5, await _bench.Service.StartDueAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await _bench.Service.StartDueAsync(TestContext.Current.CancellationToken));
        string[] paths = [.. (await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Receiver.NextAsync()))).Select(m => m.Path).Order(StringComparer.Ordinal)];
        Assert.Equal(["/quick", "/slow", "/slow", "/slow", "/slow"], paths);
        release.SetResult();
        await _bench.Service.DrainAsync();
        Assert.Equal(36, await _bench.DeliverAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_that_is_stopped_begins_nothing_and_finishes_what_it_has_begun()
    {
        // While the one attempt lasts nothing is claimed, so that no claim is under way at the stop.
        _bench.Options.Value.Concurrency = 1;
        var release = new TaskCompletionSource();
        Receiver.Answer = _ => release.Task;
        var (webhook, _) = await _bench.AddWebhookAsync();
        var first = await _bench.AddDeliveryAsync(webhook);
        await _bench.Service.StartAsync(TestContext.Current.CancellationToken);
        await Receiver.NextAsync();

        var stopping = _bench.Service.StopAsync(TestContext.Current.CancellationToken);
        var second = await _bench.AddDeliveryAsync(webhook);
        _bench.Signal.Set();
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        await stopping;
        Assert.Equal(("delivered", "pending"), (await _bench.StateAsync(first), await _bench.StateAsync(second)));
        Assert.Equal(1, Receiver.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_running_worker_delivers_when_it_is_told_and_by_the_clock_when_it_is_not()
    {
        var (webhook, _) = await _bench.AddWebhookAsync();
        await _bench.Service.StartAsync(TestContext.Current.CancellationToken);
        await _bench.AddDeliveryAsync(webhook);
        _bench.Signal.Set();
        await Receiver.NextAsync();

        await _bench.AddDeliveryAsync(webhook);
        var message = Receiver.NextAsync();
        while (!message.IsCompleted)
        {
            _bench.Clock.Advance(DeliveryService.PollInterval);
            await Task.Yield();
        }

        await message;
        await _bench.Service.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What a redelivery does to the row while an attempt is under way (Api/Webhooks/Redeliver.cs).</summary>
    [Fact(Timeout = 60_000)]
    public async Task An_attempt_that_a_redelivery_overtakes_is_recorded_and_decides_nothing()
    {
        var release = new TaskCompletionSource();
        Receiver.Answer = _ => release.Task;
        var (webhook, _) = await _bench.AddWebhookAsync();
        var delivery = await _bench.AddDeliveryAsync(webhook);
        await _bench.Service.StartDueAsync(TestContext.Current.CancellationToken);
        await Receiver.NextAsync();
        await _bench.ExecuteAsync("UPDATE webhook_deliveries SET state = 'pending', tries = 0, lease_id = NULL, leased_until = NULL WHERE delivery_id = $1", delivery);
        release.SetResult();
        await _bench.Service.DrainAsync();
        Assert.Equal("pending", await _bench.StateAsync(delivery));
        Assert.Equal(1, await _bench.DeliverAsync());
        Assert.Equal(2L, await _bench.ScalarAsync("SELECT count(*) FROM webhook_attempts WHERE delivery_id = $1", delivery));
        Assert.Equal("delivered", await _bench.StateAsync(delivery));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_gets_nothing_more()
    {
        Receiver.AnswerWith(410);
        var (webhook, _) = await _bench.AddWebhookAsync();
        var delivery = await _bench.AddDeliveryAsync(webhook);
        await _bench.DeliverAsync();
        Assert.Equal("failed", await _bench.StateAsync(delivery));
        Assert.Equal("gone", await _bench.ScalarAsync("SELECT disabled_reason FROM webhooks WHERE webhook_id = $1 AND NOT enabled AND disabled_at IS NOT NULL", webhook));
        Assert.Equal(1L, await _bench.ScalarAsync(
            """
            SELECT count(*) FROM events e JOIN audit_entries a ON a.change_id = e.change_id AND a.tenant_id = e.tenant_id
            WHERE e.event_type = 'webhook.disabled' AND e.webhook_id = $1 AND e.actor = 'system' AND a.action = 'webhook.disabled' AND a.resource_id = $2 AND a.actor = 'system' AND a.actor_address IS NULL
            """,
            webhook, $"{webhook}"));

        var later = await _bench.AddDeliveryAsync(webhook);
        await _bench.DeliverAsync();
        Assert.Equal(("cancelled", 1), (await _bench.StateAsync(later), Receiver.Count));
    }

    [Fact]
    public async Task A_webhook_that_has_failed_for_days_without_a_success_is_disabled()
    {
        Receiver.AnswerWith(500);
        var (webhook, _) = await _bench.AddWebhookAsync();
        for (var day = 0; day < 5; day++)
        {
            await _bench.AddDeliveryAsync(webhook);
            await _bench.DeliverAsync();
            Assert.Equal(true, await _bench.ScalarAsync("SELECT enabled AND failing_since IS NOT NULL FROM webhooks WHERE webhook_id = $1", webhook));
            _bench.Clock.Advance(TimeSpan.FromDays(1));
        }

        await _bench.DeliverAsync();
        Assert.Equal("failing", await _bench.ScalarAsync("SELECT disabled_reason FROM webhooks WHERE webhook_id = $1 AND NOT enabled", webhook));
        Assert.Equal(1L, await _bench.ScalarAsync("SELECT count(*) FROM events WHERE event_type = 'webhook.disabled'"));
    }

    [Fact]
    public async Task One_success_in_between_begins_the_days_anew()
    {
        var (webhook, _) = await _bench.AddWebhookAsync();
        for (var day = 0; day < 12; day++)
        {
            Receiver.AnswerWith(day == 4 || day == 8 ? 200 : 500);
            await _bench.AddDeliveryAsync(webhook);
            await _bench.DeliverAsync();
            _bench.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(true, await _bench.ScalarAsync("SELECT enabled FROM webhooks WHERE webhook_id = $1", webhook));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_from_an_old_address_says_nothing_about_the_new_one()
    {
        var (webhook, _) = await _bench.AddWebhookAsync();
        await _bench.AddDeliveryAsync(webhook);
        Receiver.Answer = async context =>
        {
            await _bench.ExecuteAsync("UPDATE webhooks SET url = $2 WHERE webhook_id = $1", webhook, $"{Receiver.Url}/new");
            context.Response.StatusCode = 410;
        };
        await _bench.DeliverAsync();
        Assert.Equal(true, await _bench.ScalarAsync("SELECT enabled FROM webhooks WHERE webhook_id = $1", webhook));
    }
}
