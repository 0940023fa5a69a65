using System.Text.Json;
using System.Text.Json.Nodes;

namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>A JSON schema of the document, as much of it as the document uses: references and "or null" are seen through.</summary>
internal sealed class ApiSchema
{
    private readonly JsonElement _node;
    private readonly JsonElement _root;

    public ApiSchema(JsonElement node, JsonElement root)
    {
        while (true)
        {
            if (node.TryGetProperty("$ref", out var reference))
            {
                node = reference.GetString()!.TrimStart('#', '/').Split('/').Aggregate(root, (at, name) => at.GetProperty(name));
            }
            else if (node.TryGetProperty("oneOf", out var choices))
            {
                node = choices.EnumerateArray().Single(c => !(c.TryGetProperty("type", out var type) && type.ValueKind is JsonValueKind.String && type.GetString() == "null"));
            }
            else
            {
                break;
            }
        }

        (_node, _root) = (node, root);
        Types = !node.TryGetProperty("type", out var types) ? [] : types.ValueKind is JsonValueKind.Array ? [.. types.EnumerateArray().Select(t => t.GetString()!)] : [types.GetString()!];
        Format = node.TryGetProperty("format", out var format) ? format.GetString() : null;
        Required = node.TryGetProperty("required", out var required) ? [.. required.EnumerateArray().Select(r => r.GetString()!)] : [];
        Words = node.TryGetProperty("enum", out var words) ? [.. words.EnumerateArray().Select(w => w.GetString()!)] : [];
    }

    public IReadOnlyList<string> Types { get; }

    public string? Format { get; }

    public IReadOnlyList<string> Required { get; }

    /// <summary>The words that are allowed; none when every text is.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Whether it is a text that can name something.</summary>
    public bool IsText => Types.Contains("string") && Words.Count == 0 && Format is null or "uuid";

    public bool IsClosed => _node.TryGetProperty("additionalProperties", out var more) && more.ValueKind is JsonValueKind.False;

    public ApiSchema? Items => _node.TryGetProperty("items", out var items) ? new(items, _root) : null;

    public IEnumerable<(string Name, ApiSchema Schema)> Properties =>
        _node.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(p => (p.Name, new ApiSchema(p.Value, _root))) : [];

    public ApiSchema? Property(string name) => Properties.FirstOrDefault(p => p.Name == name).Schema;

    /// <summary>The least that fits. Texts are made by name.</summary>
    public JsonNode Least(string name, Func<string, string> text) =>
        Words.Count > 0 ? Words[0]
        : Format is "date-time" ? "2099-12-31T00:00:00Z"
        : Types.Contains("string") ? text(name)
        : Types.Contains("integer") || Types.Contains("number") ? 1
        : Types.Contains("boolean") ? false
        : Types.Contains("array") ? new JsonArray()
        : new JsonObject(Required.Select(r => KeyValuePair.Create(r, (JsonNode?)Property(r)!.Least(r, text))));

    /// <summary>What does not fit of a document that claims to.</summary>
    public IEnumerable<string> Misfits(JsonElement value, string pointer = "")
    {
        var type = value.ValueKind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => Types.Contains("integer") && value.TryGetInt64(out _) ? "integer" : "number",
            JsonValueKind.Null => "null",
            _ => "boolean",
        };
        if (Types.Count > 0 && !Types.Contains(type))
        {
            return [$"{pointer} is {type}, not {string.Join(" or ", Types)}"];
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object => Members(value, pointer),
            JsonValueKind.Array when Items is { } items => value.EnumerateArray().SelectMany((v, i) => items.Misfits(v, $"{pointer}/{i}")),
            JsonValueKind.String when Words.Count > 0 && !Words.Contains(value.GetString()!) => [$"{pointer} is none of {string.Join(", ", Words)}"],
            _ => [],
        };
    }

    private IEnumerable<string> Members(JsonElement value, string pointer) => Required.Where(r => !value.TryGetProperty(r, out _)).Select(r => $"{pointer}/{r} is missing")
        .Concat(value.EnumerateObject().SelectMany(m => Property(m.Name)?.Misfits(m.Value, $"{pointer}/{m.Name}") ?? (IsClosed ? [$"{pointer}/{m.Name} is unknown"] : [])));
}
