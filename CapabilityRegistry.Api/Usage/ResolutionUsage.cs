using CapabilityRegistry.Core.Resolution;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Api.Usage;

/// <summary>Counts what resolutions and locks use.</summary>
internal sealed class ResolutionUsage(UsageCounters counters)
{
    /// <summary>Every capability of an answer, and once more, as such, those that were asked for by name.</summary>
    public void CountResolution(string tenantId, ResolutionRequest request, ResolutionOutcome outcome)
    {
        if (outcome.Status is not ResolutionStatus.Resolved)
        {
            return;
        }

        var roots = request.Requirements.Select(r => r.CapabilityCode).ToHashSet(StringComparer.Ordinal);
        foreach (var selected in outcome.Selected)
        {
            counters.Count(new(tenantId, selected.CapabilityCode, UsageKind.Resolution));
            if (roots.Contains(selected.CapabilityCode))
            {
                counters.Count(new(tenantId, selected.CapabilityCode, UsageKind.Root));
            }
        }
    }

    /// <summary>Every capability of a lock that is given out.</summary>
    public void CountLock(string tenantId, IEnumerable<string> codes)
    {
        foreach (var code in codes)
        {
            counters.Count(new(tenantId, code, UsageKind.Lock));
        }
    }
}
