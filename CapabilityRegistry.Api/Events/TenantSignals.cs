using System.Collections.Concurrent;
using CapabilityRegistry.Data.Events;

namespace CapabilityRegistry.Api.Events;

/// <summary>Wakes who waits for news of a tenant.</summary>
internal sealed class TenantSignals : IEventFollower
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    /// <summary>Ends when the tenant's next event is there, or when one may have been missed. Ask for it before looking.</summary>
    public Task NextAsync(string tenantId) => _waiting.GetOrAdd(tenantId, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Follow(IReadOnlyList<SequencedEvent> events)
    {
        if (_waiting.IsEmpty)
        {
            return;
        }

        foreach (var tenantId in events.Select(e => e.TenantId).Distinct(StringComparer.Ordinal))
        {
            Wake(tenantId);
        }
    }

    public void Lose()
    {
        foreach (var tenantId in _waiting.Keys)
        {
            Wake(tenantId);
        }
    }

    private void Wake(string tenantId)
    {
        if (_waiting.TryRemove(tenantId, out var waiting))
        {
            waiting.SetResult();
        }
    }
}
