using System.Globalization;
using System.Text.Json.Nodes;

namespace CapabilityRegistry.Tests.Testing.Elasticsearch;

/// <summary>A search: the part of the query language that we use, with scores, sorting, windows and counts. Everything else is refused.</summary>
internal sealed class SearchExecution
{
    private const int ResultWindow = 10_000;
    private const int Shards = 5;

    private static readonly string[] Known = ["query", "sort", "size", "from", "search_after", "track_total_hits", "_source", "aggs"];

    private readonly JsonObject _body;

    public SearchExecution(JsonObject body)
    {
        _body = body;
        if (body.Select(p => p.Key).FirstOrDefault(key => !Known.Contains(key, StringComparer.Ordinal)) is { } unknown)
        {
            throw new RefusalException(400, "parsing_exception", $"Unknown key for a VALUE in [{unknown}].");
        }

        if (From + Size > ResultWindow)
        {
            throw new RefusalException(400, "search_phase_execution_exception", $"Result window is too large, from + size must be less than or equal to: [10000] but was [{From + Size}].");
        }

        if (body["search_after"] is JsonArray after && (From > 0 || after.Count != Sort.Count))
        {
            throw new RefusalException(400, "search_phase_execution_exception", From > 0 ? "`from` parameter must be set to 0 when `search_after` is used" : "search_after has another number of values than sort");
        }
    }

    private int From => (int?)_body["from"] ?? 0;

    private int Size => (int?)_body["size"] ?? 10;

    private JsonArray Sort => _body["sort"] as JsonArray ?? [];

    public JsonObject Run(IReadOnlyList<StoredIndex> indexes, string? routing)
    {
        // A query is refused for what it is, whether there is a document to try it on or not.
        _ = new QueryEvaluation(indexes[0].Mapping, []).Score(_body["query"]!.AsObject());
        var found = indexes.SelectMany(index => index.Visible.Values.Where(d => routing is null || Shard(d.Routing) == Shard(routing)).Select(d => Match(index, d))).OfType<Hit>().ToList();
        found.Sort(Compare);
        var window = found.Where(hit => _body["search_after"] is not JsonArray after || Compare(hit.Sort, [.. after]) > 0).Skip(From).Take(Size);
        var answer = new JsonObject
        {
            ["took"] = 1,
            ["timed_out"] = false,
            ["_shards"] = new JsonObject { ["total"] = Shards, ["successful"] = Shards, ["skipped"] = 0, ["failed"] = 0 },
            ["hits"] = new JsonObject { ["total"] = Total(found.Count), ["max_score"] = null, ["hits"] = new JsonArray([.. window.Select(Show)]) },
        };
        if (_body["aggs"] is JsonObject aggregations)
        {
            answer["aggregations"] = new JsonObject([.. aggregations.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)Aggregate(indexes[0].Mapping, found, a.Value!["terms"]!.AsObject())))]);
        }

        return answer;
    }

    /// <summary>Several tenants share a shard, as they do there.</summary>
    private static int Shard(string routing) => routing.Sum(c => c) % Shards;

    private Hit? Match(StoredIndex index, StoredDocument document) =>
        new QueryEvaluation(index.Mapping, document.Source).Score(_body["query"]!.AsObject()) is { } score ? new(document.Source, [.. Sort.Select(key => KeyOf(index.Mapping, document.Source, score, key!.AsObject().Single().Key))]) : null;

    private static JsonNode? KeyOf(IndexMapping mapping, JsonObject source, double score, string field)
    {
        if (field == "_score")
        {
            return score;
        }

        return mapping.TypeOf(field) == "text" ? throw new RefusalException(400, "illegal_argument_exception", $"Fielddata is disabled on [{field}]") : source[field]?.DeepClone();
    }

    private int Compare(Hit one, Hit other) => Compare(one.Sort, other.Sort);

    private int Compare(JsonNode?[] one, JsonNode?[] other)
    {
        for (var i = 0; i < Sort.Count; i++)
        {
            var compared = one[i]!.GetValueKind() is System.Text.Json.JsonValueKind.Number ? Number(one[i]).CompareTo(Number(other[i])) : string.CompareOrdinal((string)one[i]!, (string)other[i]!);
            if (compared != 0)
            {
                return (string?)Sort[i]!.AsObject().Single().Value == "desc" ? -compared : compared;
            }
        }

        return 0;
    }

    private static double Number(JsonNode? node) => double.Parse(node!.ToString(), CultureInfo.InvariantCulture);

    private JsonObject Total(int count) => _body["track_total_hits"] is JsonValue limit && limit.TryGetValue<int>(out var most) && count > most
        ? new() { ["value"] = most, ["relation"] = "gte" }
        : new() { ["value"] = count, ["relation"] = "eq" };

    private JsonObject Show(Hit hit)
    {
        var shown = _body["_source"] is JsonArray fields ? new JsonObject([.. hit.Source.Where(p => fields.Any(f => (string)f! == p.Key)).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))]) : hit.Source.DeepClone().AsObject();
        var answer = new JsonObject { ["_index"] = "i", ["_id"] = "d", ["_source"] = shown };
        if (Sort.Count > 0)
        {
            answer["sort"] = new JsonArray(hit.Sort);
        }

        return answer;
    }

    private static JsonObject Aggregate(IndexMapping mapping, List<Hit> found, JsonObject terms)
    {
        var field = (string)terms["field"]!;
        if (mapping.TypeOf(field) == "text")
        {
            throw new RefusalException(400, "illegal_argument_exception", $"Fielddata is disabled on [{field}]");
        }

        var buckets = found.Where(hit => hit.Source[field] is not null).GroupBy(hit => hit.Source[field]!.ToString(), StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take((int)terms["size"]!);
        return new()
        {
            ["doc_count_error_upper_bound"] = 0,
            ["sum_other_doc_count"] = 0,
            ["buckets"] = new JsonArray([.. buckets.Select(g => new JsonObject { ["key"] = g.Key, ["doc_count"] = g.Count() })]),
        };
    }

    private sealed record Hit(JsonObject Source, JsonNode?[] Sort);
}
