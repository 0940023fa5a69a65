using System.Text.Json;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CapabilityRegistry.Tests.Testing;

/// <summary>Parked events: no request makes one, they are what the relay leaves of an event that a consumer could not deal with.</summary>
internal static class ParkedEventSeed
{
    /// <summary>Parks an event of a tenant.</summary>
    /// <returns>The parked event's id.</returns>
    public static async Task<string> ParkAsync(RegistryApp app, string tenantId, string consumer, string capabilityCode, string actor)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var parked = new SequencedEvent(1, tenantId, EventTypes.CapabilityUpdated, id, capabilityCode, null, null, null, null, null, id, now, actor, null);
        await using var connection = await app.Services.GetRequiredService<SystemDatabase>().OpenAsync(TestContext.Current.CancellationToken);
        await using var insert = new NpgsqlCommand(
            "INSERT INTO parked_events (parked_event_id, tenant_id, consumer, position, event_type, event, attempts, error, parked_at) VALUES ($1, $2, $3, 1, $4, $5::json, 8, 'It is broken.', $6)", connection);
        foreach (var value in new object[] { id, tenantId, consumer, parked.EventType, JsonSerializer.Serialize(parked, RegistryJson.Options), now })
        {
            insert.Parameters.Add(new() { Value = value });
        }

        await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return id.ToString();
    }
}
