using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Api.Usage;

/// <summary>What is counted: a capability of a tenant, used in a way.</summary>
internal readonly record struct UsageKey(string TenantId, string Code, UsageKind Kind);

/// <summary>Counts the uses of one key. Who has one can keep it for as long as he likes, and counts by one atomic addition.</summary>
/// <remarks>A counter that is no longer listed has a number so small that no use makes it positive: who counts by it is sent on to the listed one, so that no use is lost.</remarks>
internal sealed class UsageCounter(UsageCounters counters, UsageKey key, bool isListed)
{
    private const long Retired = long.MinValue / 2;

    private long _uses = isListed ? 0 : Retired;

    /// <summary>How many times in a row there was nothing to take. For the one who takes.</summary>
    public int IdleFor { get; private set; }

    public void Count(long uses = 1)
    {
        if (Interlocked.Add(ref _uses, uses) < 0)
        {
            counters.Count(key, uses);
        }
    }

    /// <summary>What was counted since it was last taken.</summary>
    public long Take()
    {
        // Most are idle most of the time, and a look is cheaper than an exchange.
        var uses = Volatile.Read(ref _uses) == 0 ? 0 : Interlocked.Exchange(ref _uses, 0);
        IdleFor = uses == 0 ? IdleFor + 1 : 0;
        return uses;
    }

    /// <summary>The last that is taken of a counter that is no longer listed.</summary>
    public long Retire() => Interlocked.Exchange(ref _uses, Retired);
}
