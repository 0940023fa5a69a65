using System.Text.Json.Nodes;
using CapabilityRegistry.Core.Search;

namespace CapabilityRegistry.Data.Search.Elasticsearch;

/// <summary>A search in the words of Elasticsearch: the same matches in the same order as PostgreSQL gives, which constant scores make possible.</summary>
internal static class ElasticsearchQuery
{
    private const int MostFacetValues = 1_000;

    public static byte[] Of(SearchRequest request)
    {
        var body = new JsonObject
        {
            ["query"] = Bool(("filter", Filters(request)), ("must_not", [.. request.Query.Excluded.Select(Words)]), ("must", [Matching(request.Query)])),
            ["sort"] = new JsonArray(new JsonObject { ["_score"] = "desc" }, new JsonObject { ["rank"] = "desc" }, new JsonObject { ["code"] = "asc" }),
            ["size"] = request.Window.Take,
            ["track_total_hits"] = SearchAnswer.MostCounted,
            ["_source"] = new JsonArray("tenant", "id", "deleted"),
        };
        if (request.Window.After is { } after)
        {
            body["search_after"] = new JsonArray(after.Match, after.StaticRank, after.Code);
        }
        else
        {
            body["from"] = request.Window.Skip;
        }

        if (request.WantsFacets)
        {
            body["aggs"] = new JsonObject { ["category"] = Terms("category"), ["status"] = Terms("status") };
        }

        return Utf8.Of(body);
    }

    /// <summary>Numbers of living capabilities by tenant.</summary>
    public static byte[] Tenants(int most) => Utf8.Of(new JsonObject
    {
        ["query"] = Term("deleted", false),
        ["size"] = 0,
        ["track_total_hits"] = true,
        ["aggs"] = new JsonObject { ["tenant"] = new JsonObject { ["terms"] = new JsonObject { ["field"] = "tenant", ["size"] = most } } },
    });

    /// <summary>The documents of some capabilities.</summary>
    public static byte[] Ids(IReadOnlyCollection<Guid> ids) => Utf8.Of(new JsonObject
    {
        ["query"] = new JsonObject { ["terms"] = new JsonObject { ["id"] = new JsonArray([.. ids.Select(id => (JsonNode)id.ToString())]) } },
        ["size"] = ids.Count,
        ["track_total_hits"] = true,
    });

    private static JsonObject Matching(SearchQuery query) => new()
    {
        ["dis_max"] = new JsonObject
        {
            ["queries"] = new JsonArray(
                Constant(Term("code", query.Text), 3),
                Constant(Any(query.Alternatives.Select(terms => All(terms.Select(Names)))), 2),
                Constant(Any(query.Alternatives.Select(Words)), 1)),
        },
    };

    private static JsonNode[] Filters(SearchRequest request)
    {
        var filter = request.Filter;
        List<JsonNode> filters = [Term("tenant", request.TenantId), Term("deleted", false)];
        foreach (var (field, value) in new[] { ("category", filter.Category), ("status", filter.Status), ("keywords", filter.Keyword), ("services", filter.Service) })
        {
            if (value is not null)
            {
                filters.Add(Term(field, value));
            }
        }

        if (filter.MinQualityScore is { } least)
        {
            filters.Add(new JsonObject { ["range"] = new JsonObject { ["quality"] = new JsonObject { ["gte"] = least } } });
        }

        return [.. filters];
    }

    private static JsonObject Names(SearchTerm term)
    {
        if (term.IsPhrase && term.Words.Count > 1)
        {
            return Phrase("names", term.Words.SelectMany(word => word.Pieces));
        }

        return All(term.Words.Select((word, i) => Name(word, term.IsPrefix && i == term.Words.Count - 1)));
    }

    private static JsonObject Name(IdentifierToken word, bool isPrefix)
    {
        var whole = isPrefix ? new JsonObject { ["prefix"] = new JsonObject { ["names"] = word.Whole } } : Term("names", word.Whole);
        if (word.Parts.Count == 0)
        {
            return whole;
        }

        var parts = isPrefix ? new JsonObject { ["match_phrase_prefix"] = new JsonObject { ["names"] = string.Join(' ', word.Parts) } } : Phrase("names", word.Parts);
        return Any([whole, parts]);
    }

    /// <summary>All terms of an alternative, stemmed. Plain words go together, so that stop words are left out unless there is nothing else.</summary>
    private static JsonObject Words(IReadOnlyList<SearchTerm> terms)
    {
        var tokens = terms.Where(term => !term.IsPhrase).SelectMany(term => term.Words).ToArray();
        var plain = tokens.Where(token => token.Parts.Count == 0).Select(token => token.Whole).ToArray();
        List<JsonObject> others =
        [
            .. tokens.Where(token => token.Parts.Count > 0).Select(token => Any([Match([token.Whole], "none"), Phrase("words", token.Parts)])),
            .. terms.Where(term => term.IsPhrase).Select(term => Phrase("words", term.Words.SelectMany(word => word.Pieces))),
        ];
        return All(plain.Length == 0 ? others : [Match(plain, others.Count > 0 ? "all" : "none"), .. others]);
    }

    private static JsonObject Words(SearchTerm term) => Words([term]);

    private static JsonObject Match(IEnumerable<string> words, string whenOnlyStopWords) => new()
    {
        ["match"] = new JsonObject { ["words"] = new JsonObject { ["query"] = string.Join(' ', words), ["operator"] = "and", ["zero_terms_query"] = whenOnlyStopWords } },
    };

    private static JsonObject Phrase(string field, IEnumerable<string> words) => new() { ["match_phrase"] = new JsonObject { [field] = string.Join(' ', words) } };

    private static JsonObject Term(string field, JsonNode value) => new() { ["term"] = new JsonObject { [field] = value } };

    private static JsonObject Terms(string field) => new() { ["terms"] = new JsonObject { ["field"] = field, ["size"] = MostFacetValues } };

    private static JsonObject Constant(JsonObject query, int score) => new() { ["constant_score"] = new JsonObject { ["filter"] = query, ["boost"] = score } };

    private static JsonObject All(IEnumerable<JsonObject> queries) => One("filter", [.. queries]);

    private static JsonObject Any(IEnumerable<JsonObject> queries) => One("should", [.. queries]);

    private static JsonObject One(string occurrence, JsonObject[] queries) => queries is [var only] ? only : Bool((occurrence, queries));

    private static JsonObject Bool(params (string Occurrence, JsonNode[] Queries)[] clauses)
    {
        var clause = new JsonObject();
        foreach (var (occurrence, queries) in clauses.Where(c => c.Queries.Length > 0))
        {
            clause[occurrence] = new JsonArray(queries);
        }

        return new() { ["bool"] = clause };
    }
}
