using System.Globalization;
using System.Text.Json.Nodes;

namespace CapabilityRegistry.Tests.Testing.Elasticsearch;

/// <summary>Whether a document matches a query, and how well.</summary>
internal sealed class QueryEvaluation(IndexMapping mapping, JsonObject document)
{
    /// <summary>The score, or null when it does not match.</summary>
    public double? Score(JsonObject query)
    {
        var (kind, content) = query.Count == 1 ? query.Single() : throw new RefusalException(400, "parsing_exception", "[query] malformed query, expected [END_OBJECT] but found [FIELD_NAME]");
        var body = content!.AsObject();
        return kind switch
        {
            "bool" => Bool(body),
            "dis_max" => body["queries"]!.AsArray().Select(q => Score(q!.AsObject())).Max(),
            "constant_score" => Score(body["filter"]!.AsObject()) is null ? null : (double?)body["boost"] ?? 1,
            "term" => When(Field(body, value => Terms(body).Contains(value!.ToString(), StringComparer.Ordinal))),
            "terms" => When(Field(body, values => Terms(body).Intersect(values!.AsArray().Select(v => v!.ToString()), StringComparer.Ordinal).Any())),
            "prefix" => When(Field(body, value => Terms(body).Any(term => term.StartsWith(value!.ToString(), StringComparison.Ordinal)))),
            "range" => When(Field(body, range => Terms(body).Any(term => double.Parse(term, CultureInfo.InvariantCulture) >= (double)range!["gte"]!))),
            "match" => When(Field(body, match => Match(body.Single().Key, match!.AsObject()))),
            "match_phrase" => When(Field(body, text => Phrase(body.Single().Key, text!.ToString(), isPrefix: false))),
            "match_phrase_prefix" => When(Field(body, text => Phrase(body.Single().Key, text!.ToString(), isPrefix: true))),
            _ => throw new RefusalException(400, "parsing_exception", $"unknown query [{kind}]"),
        };
    }

    private double? Bool(JsonObject body)
    {
        if (body.Select(p => p.Key).FirstOrDefault(key => key is not ("filter" or "must" or "must_not" or "should")) is { } unknown)
        {
            throw new RefusalException(400, "x_content_parse_exception", $"[bool] unknown field [{unknown}]");
        }

        double?[] must = [.. Clauses(body, "must")];
        double?[] should = [.. Clauses(body, "should").Where(score => score is not null)];
        var isShouldRequired = body["should"] is not null && body["must"] is null && body["filter"] is null;
        return must.Contains(null) || Clauses(body, "filter").Contains(null) || Clauses(body, "must_not").Any(score => score is not null) || (isShouldRequired && should.Length == 0) ? null : must.Sum() + should.Sum();
    }

    private IEnumerable<double?> Clauses(JsonObject body, string occurrence) => (body[occurrence] as JsonArray ?? []).Select(clause => Score(clause!.AsObject()));

    private static bool Field(JsonObject body, Func<JsonNode?, bool> test) =>
        body.Count == 1 ? test(body.Single().Value) : throw new RefusalException(400, "parsing_exception", "query doesn't support multiple fields");

    private string[] Terms(JsonObject body)
    {
        var field = body.Single().Key;
        _ = mapping.TypeOf(field);
        return mapping.Terms(field, document[field]);
    }

    private bool Match(string field, JsonObject match)
    {
        string[] terms = [.. mapping.Analyse(field, (string)match["query"]!).Where(term => term.Length > 0)];
        var there = mapping.Terms(field, document[field]);
        return terms.Length == 0 ? (string?)match["zero_terms_query"] == "all"
            : (string?)match["operator"] == "and" ? terms.All(term => there.Contains(term, StringComparer.Ordinal)) : terms.Intersect(there, StringComparer.Ordinal).Any();
    }

    private bool Phrase(string field, string text, bool isPrefix)
    {
        string[] terms = [.. mapping.Analyse(field, text).SkipWhile(term => term.Length == 0).Reverse().SkipWhile(term => term.Length == 0).Reverse()];
        var there = mapping.Terms(field, document[field]);
        return terms.Length > 0 && Enumerable.Range(0, Math.Max(0, there.Length - terms.Length + 1)).Any(at => terms.Select((term, i) => (Term: term, There: there[at + i], IsLast: i == terms.Length - 1))
            .All(pair => isPrefix && pair.IsLast ? pair.There.StartsWith(pair.Term, StringComparison.Ordinal) : pair.Term.Length == 0 || pair.There == pair.Term));
    }

    private static double? When(bool matches) => matches ? 1 : null;
}
