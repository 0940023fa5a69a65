using System.Collections.Concurrent;
using CapabilityRegistry.Core.Catalogues;

namespace CapabilityRegistry.Data.Catalogues;

/// <summary>Holds each tenant's newest snapshot in memory and brings it up to date before it is handed out.</summary>
/// <remarks>
/// <para>Whoever asks gets everything committed before the ask, from whichever process: freshness is one indexed look at the event log, not a matter of trust in messages.
/// Announcements only make the work happen earlier (<see cref="RefreshAllAsync"/>).</para>
/// <para>One load at a time for each tenant; readers of a snapshot that is current wait for nobody. Tenants not asked for are let go after <see cref="IdleTime"/>.</para>
/// </remarks>
public sealed class CatalogueStore(CatalogueLoader loader, TimeProvider clock)
{
    /// <summary>How long a snapshot is kept after it was last asked for.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The tenant's snapshot, with everything in it that was committed before the call.</summary>
    public async Task<Catalogue> GetAsync(string tenantId, CancellationToken cancellationToken)
    {
        var entry = _entries.GetOrAdd(tenantId, static _ => new());
        entry.LastAsked = clock.GetUtcNow();
        return entry.Catalogue is { } known && await loader.IsCurrentAsync(tenantId, known, cancellationToken)
            ? known
            : await RefreshAsync(tenantId, entry, cancellationToken);
    }

    /// <summary>Advances every snapshot that is held, and lets idle ones go.</summary>
    public async Task RefreshAllAsync(CancellationToken cancellationToken)
    {
        foreach (var (tenantId, entry) in _entries)
        {
            if (clock.GetUtcNow() - entry.LastAsked > IdleTime)
            {
                _entries.TryRemove(tenantId, out _);
            }
            else if (entry.Catalogue is not null)
            {
                await RefreshAsync(tenantId, entry, cancellationToken);
            }
        }
    }

    private async Task<Catalogue> RefreshAsync(string tenantId, Entry entry, CancellationToken cancellationToken)
    {
        await entry.Loading.WaitAsync(cancellationToken);
        try
        {
            return entry.Catalogue = await loader.LoadAsync(tenantId, entry.Catalogue, cancellationToken);
        }
        finally
        {
            entry.Loading.Release();
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Loading { get; } = new(1, 1);

        public Catalogue? Catalogue { get; set; }

        public DateTimeOffset LastAsked { get; set; }
    }
}
