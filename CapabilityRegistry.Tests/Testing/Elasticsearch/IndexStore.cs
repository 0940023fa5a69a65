using System.Buffers;
using System.Text.Json.Nodes;

namespace CapabilityRegistry.Tests.Testing.Elasticsearch;

/// <summary>A document, and how it was written. A search finds it as the last refresh has left it.</summary>
internal sealed record StoredDocument(string Routing, long Version, JsonObject Source);

/// <summary>An index.</summary>
internal sealed class StoredIndex(string name, IndexMapping mapping)
{
    public string Name { get; } = name;

    public IndexMapping Mapping { get; } = mapping;

    public HashSet<string> Aliases { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, StoredDocument> Documents { get; } = new(StringComparer.Ordinal);

    /// <summary>What searches see.</summary>
    public Dictionary<string, StoredDocument> Visible { get; private set; } = [];

    public void Refresh() => Visible = new(Documents, StringComparer.Ordinal);
}

/// <summary>Indexes and their aliases.</summary>
internal sealed class IndexStore
{
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ\\/*?\"<>| ,#:");

    private readonly Dictionary<string, StoredIndex> _indexes = new(StringComparer.Ordinal);

    public int BusyItems { get; set; }

    public Func<JsonObject, bool> IsPoison { get; set; } = _ => false;

    public IEnumerable<string> Names => _indexes.Keys.Order(StringComparer.Ordinal);

    public void Clear() => _indexes.Clear();

    /// <summary>The indexes behind a name.</summary>
    public IReadOnlyList<StoredIndex> Resolve(string name) => _indexes.TryGetValue(name, out var index) ? [index]
        : _indexes.Values.Where(i => i.Aliases.Contains(name)).ToArray() is { Length: > 0 } behind ? behind
        : throw new RefusalException(404, "index_not_found_exception", $"no such index [{name}]");

    /// <summary>The index that a write goes to. A name that is unknown makes one, unless it has to be an alias.</summary>
    public StoredIndex ResolveForWriting(string name, bool requireAlias)
    {
        if (requireAlias && !_indexes.Values.Any(i => i.Aliases.Contains(name)))
        {
            throw new RefusalException(404, "index_not_found_exception", $"no such index [{name}] and [require_alias] request flag is [true] and [{name}] is not an alias");
        }

        if (!requireAlias && !_indexes.ContainsKey(name) && !_indexes.Values.Any(i => i.Aliases.Contains(name)))
        {
            _indexes[name] = new(name, IndexMapping.Dynamic);
        }

        return Resolve(name) is [var only] ? only : throw new RefusalException(400, "illegal_argument_exception", $"no write index is defined for alias [{name}].");
    }

    public JsonObject Create(string name, JsonObject body)
    {
        if (name.AsSpan().IndexOfAny(NotInNames) >= 0)
        {
            throw new RefusalException(400, "invalid_index_name_exception", $"Invalid index name [{name}]");
        }

        if (_indexes.ContainsKey(name))
        {
            throw new RefusalException(400, "resource_already_exists_exception", $"index [{name}] already exists");
        }

        if (body.Select(p => p.Key).FirstOrDefault(key => key is not ("settings" or "mappings" or "aliases")) is { } unknown)
        {
            throw new RefusalException(400, "parse_exception", $"unknown key [{unknown}] for create index");
        }

        var index = new StoredIndex(name, IndexMapping.Read(body["settings"] as JsonObject ?? [], body["mappings"] as JsonObject ?? []));
        index.Aliases.UnionWith((body["aliases"] as JsonObject ?? []).Select(p => p.Key));
        _indexes[name] = index;
        return new() { ["acknowledged"] = true, ["shards_acknowledged"] = true, ["index"] = name };
    }

    public JsonObject Delete(string name) => _indexes.Remove(name) ? Acknowledged()
        : _indexes.Values.Any(i => i.Aliases.Contains(name)) ? throw new RefusalException(400, "illegal_argument_exception", $"The provided expression [{name}] matches an alias, specify the corresponding concrete indices instead.")
        : throw new RefusalException(404, "index_not_found_exception", $"no such index [{name}]");

    public JsonObject Refresh(string name)
    {
        foreach (var index in Resolve(name))
        {
            index.Refresh();
        }

        return new() { ["_shards"] = new JsonObject { ["total"] = 1, ["successful"] = 1, ["failed"] = 0 } };
    }

    public JsonObject Change(string name, JsonObject body)
    {
        _ = Resolve(name);
        return body is { Count: 1 } && body["index"] is JsonObject { Count: 1 } settings && settings["refresh_interval"] is JsonValue ? Acknowledged()
            : throw new RefusalException(400, "illegal_argument_exception", "unknown setting; please check that any required plugins are installed");
    }

    public JsonObject Alias(string name)
    {
        var behind = _indexes.Values.Where(i => i.Aliases.Contains(name)).ToArray();
        return behind.Length == 0 ? throw new RefusalException(404, $"alias [{name}] missing")
            : new([.. behind.Select(i => KeyValuePair.Create(i.Name, (JsonNode?)new JsonObject { ["aliases"] = new JsonObject { [name] = new JsonObject() } }))]);
    }

    /// <summary>All actions or none.</summary>
    public JsonObject ChangeAliases(JsonObject body)
    {
        var changes = body["actions"]!.AsArray().Select(action => Change(action!.AsObject())).ToArray();
        foreach (var change in changes)
        {
            change();
        }

        return Acknowledged();
    }

    private Action Change(JsonObject action)
    {
        var (kind, target) = action.Single();
        var (name, alias) = ((string)target!["index"]!, (string)target["alias"]!);
        if (!_indexes.TryGetValue(name, out var index))
        {
            throw new RefusalException(404, "index_not_found_exception", $"no such index [{name}]");
        }

        return kind switch
        {
            "add" when _indexes.ContainsKey(alias) => throw new RefusalException(400, "invalid_alias_name_exception", $"an index or data stream exists with the same name as the alias [{alias}]"),
            "add" => () => index.Aliases.Add(alias),
            "remove" when !index.Aliases.Contains(alias) => throw new RefusalException(404, "aliases_not_found_exception", $"aliases [{alias}] missing"),
            "remove" => () => index.Aliases.Remove(alias),
            _ => throw new RefusalException(400, "x_content_parse_exception", $"unknown action [{kind}]"),
        };
    }

    private static JsonObject Acknowledged() => new() { ["acknowledged"] = true };
}
