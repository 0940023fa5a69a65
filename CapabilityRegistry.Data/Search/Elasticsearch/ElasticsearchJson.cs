using System.Text.Json;
using System.Text.Json.Serialization;

namespace CapabilityRegistry.Data.Search.Elasticsearch;

/// <summary>A capability as the index has it. Of one that is deleted, only the first three members: a tombstone, which keeps older writes out for ever.</summary>
public sealed record IndexedCapability
{
    public required string Tenant { get; init; }

    public required Guid Id { get; init; }

    public required bool Deleted { get; init; }

    public string? Code { get; init; }

    /// <summary>The words of code and name.</summary>
    public string? Names { get; init; }

    /// <summary>Everything that is searched; stemmed by the index.</summary>
    public string? Words { get; init; }

    public string? Category { get; init; }

    public string? Status { get; init; }

    public double? Quality { get; init; }

    /// <summary>The static rank.</summary>
    public int? Rank { get; init; }

    public IReadOnlyList<string>? Keywords { get; init; }

    public IReadOnlyList<string>? Services { get; init; }
}

internal sealed record BulkAction(BulkTarget Index);

internal sealed record BulkTarget(
    [property: JsonPropertyName("_index")] string Index,
    [property: JsonPropertyName("_id")] string Id,
    string Routing,
    long Version,
    string VersionType,
    bool RequireAlias);

internal sealed record BulkResponse(bool Errors, IReadOnlyList<Dictionary<string, BulkItem>> Items);

internal sealed record BulkItem(int Status, JsonElement Error);

internal sealed record SearchResponse(bool TimedOut, [property: JsonPropertyName("_shards")] Shards Shards, SearchHits Hits, Dictionary<string, TermsAggregation>? Aggregations);

internal sealed record Shards(int Failed);

internal sealed record SearchHits(HitsTotal? Total, IReadOnlyList<IndexHit> Hits);

internal sealed record HitsTotal(long Value, string Relation);

internal sealed record IndexHit([property: JsonPropertyName("_source")] IndexedCapability Source, IReadOnlyList<JsonElement>? Sort);

internal sealed record TermsAggregation(IReadOnlyList<TermsBucket> Buckets);

internal sealed record TermsBucket(string Key, long DocCount);

/// <summary>The shapes of the wire, as code that is made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IndexedCapability))]
[JsonSerializable(typeof(BulkAction))]
[JsonSerializable(typeof(BulkResponse))]
[JsonSerializable(typeof(SearchResponse))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class ElasticsearchJson : JsonSerializerContext;
