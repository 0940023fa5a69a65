using CapabilityRegistry.Api.Events;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>Drops the pages of capabilities that any process has changed, in the order of the event sequence.</summary>
internal sealed class PageForgetter(CapabilityPages pages) : IEventFollower
{
    public void Follow(IReadOnlyList<SequencedEvent> events)
    {
        // Once a day and tenant, every page of which may show another popularity.
        if (events.Any(e => e.EventType == EventTypes.UsageRolledUp))
        {
            pages.ForgetAll();
        }

        foreach (var e in events)
        {
            if (e is { CapabilityId: { } id, CapabilityCode: { } code })
            {
                pages.Forget(e.TenantId, id, code);
            }
        }
    }

    public void Lose() => pages.ForgetAll();
}
