using System.Text.Json;
using System.Text.Json.Nodes;

namespace CapabilityRegistry.Tests.Testing.Elasticsearch;

/// <summary>What an index does with text and with fields that it does not know.</summary>
internal sealed class IndexMapping
{
    private readonly Dictionary<string, (string Type, string? Analyzer)> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _filters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Kind, HashSet<string> Words)> _definitions = new(StringComparer.Ordinal);
    private bool _isStrict;

    /// <summary>What an index is that nobody has defined.</summary>
    public static IndexMapping Dynamic { get; } = new();

    public bool RequiresRouting { get; private init; }

    public static IndexMapping Read(JsonObject settings, JsonObject mappings)
    {
        var mapping = new IndexMapping { RequiresRouting = (bool?)mappings["_routing"]?["required"] ?? false, _isStrict = (string?)mappings["dynamic"] == "strict" };
        mapping.ReadAnalysis(settings["analysis"] as JsonObject ?? []);
        foreach (var (name, field) in mappings["properties"] as JsonObject ?? [])
        {
            mapping.AddField(name, (string)field!["type"]!, (string?)field["analyzer"]);
        }

        return mapping;
    }

    /// <summary>The field's type; refused when there is none.</summary>
    public string TypeOf(string field) =>
        _fields.TryGetValue(field, out var found) ? found.Type : throw new RefusalException(400, "query_shard_exception", $"No mapping found for [{field}]");

    /// <summary>Refuses a document that does not fit.</summary>
    public void Check(JsonObject document)
    {
        foreach (var (name, value) in document)
        {
            if (!_fields.TryGetValue(name, out var field))
            {
                if (_isStrict)
                {
                    throw new RefusalException(400, "strict_dynamic_mapping_exception", $"[1:1] mapping set to strict, dynamic introduction of [{name}] within [_doc] is not allowed");
                }

                continue;
            }

            var values = value is JsonArray array ? [.. array] : new[] { value };
            if (values.Any(v => v is not null && !Fits(v.GetValueKind(), field.Type)))
            {
                throw new RefusalException(400, "document_parsing_exception", $"[1:1] failed to parse field [{name}] of type [{field.Type}]");
            }
        }
    }

    /// <summary>The terms under which a value is found.</summary>
    public string[] Terms(string field, JsonNode? value) => value switch
    {
        null => [],
        JsonArray array => [.. array.SelectMany(v => Terms(field, v))],
        _ when TypeOf(field) == "text" => Analyse(field, (string)value!),
        _ => [value.ToString()],
    };

    /// <summary>The terms of a text; a stop word leaves an empty place behind.</summary>
    public string[] Analyse(string field, string text)
    {
        IEnumerable<string> terms = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        foreach (var filter in _filters.GetValueOrDefault(_fields[field].Analyzer ?? "", []))
        {
            var (kind, words) = _definitions[filter];
            terms = kind == "stop" ? terms.Select(term => words.Contains(term) ? "" : term) : terms.Select(Stem);
        }

        return [.. terms];
    }

    /// <summary>Enough for the words of tests.</summary>
    private static string Stem(string term) => term.Length > 3 && term.EndsWith('s') && !term.EndsWith("ss", StringComparison.Ordinal) ? term[..^1] : term;

    private static bool Fits(JsonValueKind kind, string type) => type switch
    {
        "keyword" or "text" => kind is JsonValueKind.String,
        "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
        "short" or "double" => kind is JsonValueKind.Number,
        _ => false,
    };

    private void ReadAnalysis(JsonObject analysis)
    {
        foreach (var (name, filter) in analysis["filter"] as JsonObject ?? [])
        {
            var kind = (string)filter!["type"]!;
            if (kind is not ("stop" or "stemmer") || (kind == "stemmer" && (string?)filter["language"] != "porter2"))
            {
                throw new RefusalException(400, "illegal_argument_exception", $"Unknown filter type [{kind}] for [{name}]");
            }

            _definitions[name] = (kind, [.. (filter["stopwords"] as JsonArray ?? []).Select(word => (string)word!)]);
        }

        foreach (var (name, analyzer) in analysis["analyzer"] as JsonObject ?? [])
        {
            string[] filters = [.. (analyzer!["filter"] as JsonArray ?? []).Select(filter => (string)filter!)];
            if ((string?)analyzer["tokenizer"] != "whitespace" || filters.Any(filter => !_definitions.ContainsKey(filter)))
            {
                throw new RefusalException(400, "illegal_argument_exception", $"Custom Analyzer [{name}] failed to find filter or tokenizer under name");
            }

            _filters[name] = filters;
        }
    }

    private void AddField(string name, string type, string? analyzer)
    {
        if (type is not ("keyword" or "text" or "boolean" or "short" or "double"))
        {
            throw new RefusalException(400, "mapper_parsing_exception", $"The mapper type [{type}] declared on field [{name}] does not exist.");
        }

        if (analyzer is not null && !_filters.ContainsKey(analyzer))
        {
            throw new RefusalException(400, "mapper_parsing_exception", $"analyzer [{analyzer}] has not been configured in mappings");
        }

        _fields[name] = (type, analyzer);
    }
}
