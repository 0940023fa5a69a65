using System.Text.Json;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.ServiceDefaults.Configuration;
using CapabilityRegistry.Tests.Testing;
using CapabilityRegistry.Worker.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Tests.Worker.Webhooks;

public sealed class WebhookFanOutTests(DatabaseServer server) : IAsyncLifetime
{
    private DeliveryBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await DeliveryBench.CreateAsync(server);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Every_event_becomes_one_delivery_for_every_webhook_of_its_tenant_that_wants_it_however_often_it_comes()
    {
        var (all, _) = await _bench.AddWebhookAsync();
        var (versions, _) = await _bench.AddWebhookAsync(events: "version.* capability.deleted");
        var (off, _) = await _bench.AddWebhookAsync();
        var (other, _) = await _bench.AddWebhookAsync(tenantId: "other");
        await _bench.ExecuteAsync("UPDATE webhooks SET enabled = false WHERE webhook_id = $1", off);
        SequencedEvent[] events = [Event(1, EventTypes.VersionPublished), Event(2, EventTypes.CapabilityUpdated), Event(3, EventTypes.CapabilityDeleted), Event(4, EventTypes.ClientCreated), Event(5, EventTypes.WebhookTested)];
        await HandleAsync(events[..2]);
        await HandleAsync(events);
        await HandleAsync(events);

        Assert.Equal("1 2 3", await PositionsAsync(all));
        Assert.Equal("1 3", await PositionsAsync(versions));
        Assert.Null(await PositionsAsync(off));
        Assert.Null(await PositionsAsync(other));
    }

    [Fact]
    public async Task The_body_names_the_event_and_what_it_is_about_and_stays_as_it_was_written()
    {
        var (webhook, _) = await _bench.AddWebhookAsync();
        var e = Event(7, EventTypes.VersionPublished) with { CapabilityId = Guid.Empty, CapabilityCode = "checkout", VersionId = Guid.Empty, Version = "1.2.0" };
        await HandleAsync(e);
        await HandleAsync(e with { CapabilityCode = "renamed" });
        Assert.Equal(1, await _bench.DeliverAsync());
        var body = JsonDocument.Parse((await _bench.Receiver.NextAsync()).Body).RootElement;
        Assert.Equal(["type", "timestamp", "data"], body.EnumerateObject().Select(m => m.Name));
        Assert.Equal((EventTypes.VersionPublished, e.OccurredAt), (body.GetProperty("type").GetString(), body.GetProperty("timestamp").GetDateTimeOffset()));
        var data = body.GetProperty("data");
        Assert.Equal(["actor", "capability_code", "capability_id", "change_id", "position", "tenant_id", "version", "version_id"], data.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.Equal((7, "checkout", "1.2.0", "tester"), (data.GetProperty("position").GetInt64(), data.GetProperty("capability_code").GetString(), data.GetProperty("version").GetString(), data.GetProperty("actor").GetString()));
        Assert.NotEqual(Guid.Empty, webhook);
    }

    [Fact]
    public async Task Without_the_feature_nothing_is_made()
    {
        var (webhook, _) = await _bench.AddWebhookAsync();
        await FanOut(isOn: false).HandleAsync([Event(1, EventTypes.VersionPublished)], TestContext.Current.CancellationToken);
        Assert.Null(await PositionsAsync(webhook));
    }

    [Fact]
    public async Task Finished_deliveries_deleted_webhooks_and_ended_secrets_are_swept_and_nothing_else()
    {
        var (kept, _) = await _bench.AddWebhookAsync();
        var (deleted, _) = await _bench.AddWebhookAsync();
        await HandleAsync(Event(1, EventTypes.VersionPublished), Event(2, EventTypes.VersionPublished));
        await _bench.DeliverAsync();
        var now = _bench.Clock.GetUtcNow();
        await _bench.ExecuteAsync("UPDATE webhooks SET previous_secret = secret, previous_secret_expires_at = $1", now.AddDays(1));
        await _bench.ExecuteAsync("UPDATE webhooks SET deleted_at = $2 WHERE webhook_id = $1", deleted, now);
        using var sweeper = new WebhookSweeper(_bench.Database, _bench.Options, _bench.Clock, NullLogger<WebhookSweeper>.Instance);
        await sweeper.SweepAsync(TestContext.Current.CancellationToken);
        Assert.Equal("1 2", await PositionsAsync(kept));
        Assert.Equal(2L, await _bench.ScalarAsync("SELECT count(*) FROM webhook_attempts"));
        Assert.Equal(1L, await _bench.ScalarAsync("SELECT count(*) FROM webhooks WHERE previous_secret IS NOT NULL"));

        _bench.Clock.Advance(TimeSpan.FromDays(30));
        await HandleAsync(Event(3, EventTypes.VersionPublished));
        await sweeper.SweepAsync(TestContext.Current.CancellationToken);
        Assert.Equal("3", await PositionsAsync(kept));
        Assert.Equal(0L, await _bench.ScalarAsync("SELECT count(*) FROM webhook_attempts"));
        Assert.Equal(0L, await _bench.ScalarAsync("SELECT count(*) FROM webhooks WHERE previous_secret IS NOT NULL OR previous_secret_expires_at IS NOT NULL"));
        Assert.Equal(0, await sweeper.SweepAsync(TestContext.Current.CancellationToken));
    }

    private static SequencedEvent Event(long position, string type) =>
        new(position, DeliveryBench.Tenant, type, null, null, null, null, null, null, null, Guid.Empty, DateTimeOffset.UnixEpoch.AddDays(19_999), "tester", null);

    private WebhookFanOut FanOut(bool isOn = true) => new(_bench.Database, _bench.Signal, Options.Create(new FeaturesOptions { Webhooks = isOn }), _bench.Clock);

    private Task HandleAsync(params SequencedEvent[] events) => FanOut().HandleAsync(events, TestContext.Current.CancellationToken);

    private async Task<string?> PositionsAsync(Guid webhook) =>
        await _bench.ScalarAsync("SELECT string_agg(position::text, ' ' ORDER BY position) FROM webhook_deliveries WHERE webhook_id = $1", webhook) as string;
}
