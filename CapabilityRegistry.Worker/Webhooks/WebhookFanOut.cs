using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Data.Webhooks;
using CapabilityRegistry.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Worker.Webhooks;

/// <summary>Makes a delivery of every event for every enabled webhook that wants it. An event that comes again makes none: there is one at most for a webhook and a position.</summary>
internal sealed class WebhookFanOut(SystemDatabase database, DeliverySignal signal, IOptions<FeaturesOptions> features, TimeProvider clock) : IEventConsumer
{
    /// <summary>A webhook that is removed meanwhile is left out instead of failing the batch.</summary>
    private const string InsertSql =
        """
        INSERT INTO webhook_deliveries (tenant_id, delivery_id, webhook_id, event_type, position, payload, state, attempts, tries, created_at, due_at)
        SELECT w.tenant_id, d.delivery_id, d.webhook_id, d.event_type, d.position, d.payload, 'pending', 0, 0, $6, $6
        FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bytea[]) AS d (delivery_id, webhook_id, event_type, position, payload) JOIN webhooks w ON w.webhook_id = d.webhook_id
        FOR KEY SHARE OF w
        ON CONFLICT (webhook_id, position) DO NOTHING
        """;

    /// <inheritdoc />
    public string Name => "webhooks";

    /// <inheritdoc />
    public int BatchSize => 100;

    /// <inheritdoc />
    public async Task HandleAsync(IReadOnlyList<SequencedEvent> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var events = batch.Where(e => WebhookEvents.CanBeSubscribed(e.EventType)).ToArray();
        if (events.Length == 0 || !features.Value.IsOn(Feature.Webhooks))
        {
            return;
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        var subscriptions = await SubscriptionsAsync(connection, [.. events.Select(e => e.TenantId).Distinct(StringComparer.Ordinal)], cancellationToken);
        var wanted = events.SelectMany(e => subscriptions[e.TenantId].Where(s => WebhookEvents.Matches(s.Events, e.EventType)), (e, s) => (Event: e, s.WebhookId)).ToArray();
        if (wanted.Length > 0)
        {
            await InsertAsync(connection, wanted, cancellationToken);
            signal.Set();
        }
    }

    private static async Task<ILookup<string, Subscription>> SubscriptionsAsync(NpgsqlConnection connection, string[] tenants, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT tenant_id, webhook_id, events FROM webhooks WHERE enabled AND tenant_id = ANY ($1)", connection) { Parameters = { new() { Value = tenants } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<Subscription>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new(reader.GetString(0), reader.GetGuid(1), reader.GetFieldValue<string[]>(2)));
        }

        return found.ToLookup(s => s.TenantId, StringComparer.Ordinal);
    }

    /// <summary>The body is written now: every attempt sends the same bytes, whatever becomes of what it is about.</summary>
    private async Task InsertAsync(NpgsqlConnection connection, (SequencedEvent Event, Guid WebhookId)[] wanted, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var bodies = wanted.Select(w => w.Event).Distinct().ToDictionary(e => e.Position, WebhookPayload.Of);
        await using var insert = new NpgsqlCommand(InsertSql, connection)
        {
            Parameters =
            {
                new() { Value = Array.ConvertAll(wanted, _ => Guid.CreateVersion7(now)) },
                new() { Value = Array.ConvertAll(wanted, w => w.WebhookId) },
                new() { Value = Array.ConvertAll(wanted, w => w.Event.EventType) },
                new() { Value = Array.ConvertAll(wanted, w => w.Event.Position) },
                new() { Value = Array.ConvertAll(wanted, w => bodies[w.Event.Position]) },
                new() { Value = now },
            },
        };
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record Subscription(string TenantId, Guid WebhookId, string[] Events);
}
