using System.Text;
using System.Text.Json.Nodes;

namespace CapabilityRegistry.Tests.Testing.Elasticsearch;

/// <summary>A bulk: lines of an action and its document in turn. What is wrong with the form refuses all of it, what is wrong with a document only that one.</summary>
internal sealed class BulkRequest(IndexStore store)
{
    private const int MostIdBytes = 512;

    private static readonly string[] Metadata = ["_index", "_id", "routing", "version", "version_type", "require_alias"];

    public JsonObject Run(byte[] body)
    {
        if (body.Length == 0 || body[^1] != (byte)'\n')
        {
            throw new RefusalException(400, "illegal_argument_exception", "The bulk request must be terminated by a newline [\\n]");
        }

        var lines = Encoding.UTF8.GetString(body).Split('\n')[..^1];
        var items = new JsonArray();
        for (var i = 0; i < lines.Length; i += 2)
        {
            var (action, target) = Action(lines[i], i);
            if (i + 1 == lines.Length)
            {
                throw new RefusalException(400, "illegal_argument_exception", "The bulk request must have a source line for every action");
            }

            items.Add(new JsonObject { [action] = Write(target, JsonNode.Parse(lines[i + 1])!.AsObject()) });
        }

        return new() { ["took"] = 1, ["errors"] = items.Any(item => (int)item!["index"]!["status"]! >= 300), ["items"] = items };
    }

    private static (string Action, JsonObject Target) Action(string line, int number)
    {
        var (action, target) = JsonNode.Parse(line)!.AsObject().Single();
        if (action != "index" || target is not JsonObject found)
        {
            throw new RefusalException(400, "illegal_argument_exception", $"Malformed action/metadata line [{number + 1}], expected field [create], [delete], [index] or [update] but found [{action}]");
        }

        if (found.Select(p => p.Key).FirstOrDefault(key => !Metadata.Contains(key, StringComparer.Ordinal)) is { } unknown)
        {
            throw new RefusalException(400, "illegal_argument_exception", $"Action/metadata line [{number + 1}] contains an unknown parameter [{unknown}]");
        }

        if ((string?)found["version_type"] == "external" && (long?)found["version"] is not >= 0)
        {
            throw new RefusalException(400, "action_request_validation_exception", "Validation Failed: 1: illegal version value [-3] for version type [EXTERNAL];");
        }

        return (action, found);
    }

    private JsonObject Write(JsonObject target, JsonObject source)
    {
        var id = (string)target["_id"]!;
        try
        {
            if (store.BusyItems > 0)
            {
                store.BusyItems--;
                throw new RefusalException(429, "cluster_block_exception", "index blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];");
            }

            if (store.IsPoison(source))
            {
                throw new RefusalException(400, "document_parsing_exception", "[1:2] failed to parse");
            }

            var index = store.ResolveForWriting((string)target["_index"]!, (bool?)target["require_alias"] ?? false);
            return Write(index, id, target, source);
        }
        catch (RefusalException refusal)
        {
            return new() { ["_index"] = (string)target["_index"]!, ["_id"] = id, ["status"] = refusal.Status, ["error"] = refusal.Body["error"]!.DeepClone() };
        }
    }

    private static JsonObject Write(StoredIndex index, string id, JsonObject target, JsonObject source)
    {
        if (Encoding.UTF8.GetByteCount(id) > MostIdBytes)
        {
            throw new RefusalException(400, "illegal_argument_exception", $"id [{id}] is too long, must be no longer than 512 bytes");
        }

        var routing = (string?)target["routing"];
        if (index.Mapping.RequiresRouting && routing is null)
        {
            throw new RefusalException(400, "routing_missing_exception", $"routing is required for [{index.Name}]/[{id}]");
        }

        var version = (long)target["version"]!;
        if (index.Documents.TryGetValue(id, out var there) && there.Version >= version)
        {
            throw new RefusalException(409, "version_conflict_engine_exception", $"[{id}]: version conflict, current version [{there.Version}] is higher or equal to the one provided [{version}]");
        }

        index.Mapping.Check(source);
        index.Documents[id] = new(routing ?? id, version, source);
        return new() { ["_index"] = index.Name, ["_id"] = id, ["_version"] = version, ["result"] = there is null ? "created" : "updated", ["status"] = there is null ? 201 : 200 };
    }
}
