using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Usage;
using CapabilityRegistry.Data.Model;
using Microsoft.Extensions.Caching.Memory;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>Keeps the pages that were read last, ready to be sent: bounded in number and time, and dropped when their capability changes, in this process at once, in others as soon
/// as the event sequence says so.</summary>
/// <remarks>A page that is read while its capability changes is not kept: every change counts up, and what was read under an older count is only answered with.</remarks>
internal sealed class CapabilityPages(UsageCounters usage) : IDisposable
{
    private const int Kept = 10_000;
    private const int Counters = 4_096;
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(5);

    private readonly MemoryCache _pages = new(new MemoryCacheOptions { SizeLimit = Kept, TrackStatistics = true });
    private readonly long[] _changes = new long[Counters];

    /// <summary>How often a page was there when it was asked for.</summary>
    public MemoryCacheStatistics Statistics => _pages.GetCurrentStatistics()!;

    /// <summary>The page of a capability under the id or code that it is asked by, or what reading it gives. What is not there is not remembered.</summary>
    public async ValueTask<CapabilityPage?> GetAsync(string tenantId, CapabilityKey key, Func<Task<CapabilityView?>> read)
    {
        var name = NameOf(tenantId, key);
        if (_pages.TryGetValue(name, out CapabilityPage? page))
        {
            return page;
        }

        var before = Volatile.Read(ref CounterOf(name));
        if (await read() is not { } view)
        {
            return null;
        }

        page = new(Representation<CapabilityView>.Of(view), usage.Of(tenantId, view.CapabilityCode, UsageKind.View));
        if (Volatile.Read(ref CounterOf(name)) == before)
        {
            using var entry = _pages.CreateEntry(name);
            (entry.Value, entry.Size, entry.AbsoluteExpirationRelativeToNow) = (page, 1, KeptFor);
        }

        // A change between the look and the keeping would have found nothing to drop.
        if (Volatile.Read(ref CounterOf(name)) != before)
        {
            _pages.Remove(name);
        }

        return page;
    }

    /// <summary>Drops a page under both of its names.</summary>
    public void Forget(string tenantId, Guid capabilityId, string code)
    {
        foreach (var name in new[] { NameOf(tenantId, new(capabilityId, null)), NameOf(tenantId, new(null, code)) })
        {
            Interlocked.Increment(ref CounterOf(name));
            _pages.Remove(name);
        }
    }

    /// <summary>Drops everything: after changes may have been missed.</summary>
    public void ForgetAll()
    {
        foreach (ref var counter in _changes.AsSpan())
        {
            Interlocked.Increment(ref counter);
        }

        _pages.Clear();
    }

    /// <inheritdoc />
    public void Dispose() => _pages.Dispose();

    private static string NameOf(string tenantId, CapabilityKey key) => key.Id is { } id ? $"{tenantId}/{id:N}" : $"{tenantId}:{key.Code}";

    private ref long CounterOf(string name) => ref _changes[(uint)string.GetHashCode(name, StringComparison.Ordinal) % Counters];
}

/// <summary>A page that is kept, with the counter of those who look at it: to count costs no look-up.</summary>
internal sealed record CapabilityPage(Representation<CapabilityView> Representation, UsageCounter? Views);
