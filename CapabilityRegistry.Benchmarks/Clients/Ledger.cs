using System.Collections.Concurrent;

namespace CapabilityRegistry.Benchmarks.Clients;

/// <summary>What the clients know of their writes: how many of a kind were acknowledged, and of how many nobody knows whether they are kept.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, (int Acknowledged, int Uncertain)> _entries = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, (int Acknowledged, int Uncertain)> Entries => _entries;

    public int Acknowledged => _entries.Values.Sum(e => e.Acknowledged);

    public int Uncertain => _entries.Values.Sum(e => e.Uncertain);

    /// <summary>How a write is known by its event.</summary>
    public static string KeyOf(string type, string? code, string? version, string? compositionId = null) => $"{type} {code}@{version}{compositionId}";

    public void Acknowledge(string key) => _entries.AddOrUpdate(key, (1, 0), (_, e) => (e.Acknowledged + 1, e.Uncertain));

    public void Doubt(string key) => _entries.AddOrUpdate(key, (0, 1), (_, e) => (e.Acknowledged, e.Uncertain + 1));
}
