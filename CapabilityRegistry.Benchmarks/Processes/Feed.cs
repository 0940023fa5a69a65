using System.Text.Json;
using CapabilityRegistry.Benchmarks.Clients;

namespace CapabilityRegistry.Benchmarks.Processes;

/// <summary>What the change feed has of an event.</summary>
/// <param name="Position">Its place in the sequence.</param>
/// <param name="Key">What a <see cref="Ledger"/> knows it by.</param>
internal sealed record FeedEntry(long Position, string Key);

/// <summary>The change feed, read from its beginning to its end.</summary>
internal static class Feed
{
    public static async Task<List<FeedEntry>> ReadAsync(Func<string, Task<JsonElement>> getAsync)
    {
        var entries = new List<FeedEntry>();
        for (var (position, hasMore) = (0L, true); hasMore;)
        {
            var page = await getAsync($"/api/changes?since={position}&limit=1000");
            entries.AddRange(page.GetProperty("items").EnumerateArray().Select(i => new FeedEntry(i.GetProperty("position").GetInt64(), KeyOf(i))));
            (position, hasMore) = (page.GetProperty("position").GetInt64(), page.GetProperty("has_more").GetBoolean());
        }

        return entries;
    }

    private static string KeyOf(JsonElement item) => Ledger.KeyOf(item.GetProperty("type").GetString()!, TextOf(item, "capability_code"), TextOf(item, "version"));

    private static string? TextOf(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value.GetString() : null;
}
