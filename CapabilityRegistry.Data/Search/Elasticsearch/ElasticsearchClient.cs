using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CapabilityRegistry.Data.Search.Elasticsearch;

/// <summary>The few calls that we need, typed. Works with Elasticsearch 7.10 and later, and with OpenSearch.</summary>
public sealed class ElasticsearchClient(ElasticsearchTransport transport)
{
    /// <summary>The indexes behind an alias; none when there is no such alias.</summary>
    public async Task<IReadOnlyList<string>> BehindAsync(string alias, CancellationToken cancellationToken)
    {
        var reply = await IndexAsync(HttpMethod.Get, $"_alias/{alias}", null, cancellationToken);
        return reply.IsMissing ? [] : [.. Read(reply.Body, ElasticsearchJson.Default.DictionaryStringJsonElement).Keys];
    }

    /// <summary>Makes an index with one alias. Nothing in it is found before <see cref="RefreshAsync"/>, and changes are not shown by themselves before <see cref="ShowChangesAsync"/>.</summary>
    public async Task CreateIndexAsync(string index, string alias, CancellationToken cancellationToken) => Expect(await IndexAsync(HttpMethod.Put, index, IndexDefinition.Of(alias), cancellationToken), index);

    /// <summary>Removes an index. One that is not there is no error.</summary>
    public Task DeleteIndexAsync(string index, CancellationToken cancellationToken) => IndexAsync(HttpMethod.Delete, index, null, cancellationToken);

    /// <summary>Lets searches find everything that was written before.</summary>
    /// <returns>False when there is no such index.</returns>
    public async Task<bool> RefreshAsync(string index, CancellationToken cancellationToken) => !(await IndexAsync(HttpMethod.Post, $"{index}/_refresh", null, cancellationToken)).IsMissing;

    /// <summary>Has the index show what is written once a second.</summary>
    public async Task ShowChangesAsync(string index, CancellationToken cancellationToken) =>
        Expect(await IndexAsync(HttpMethod.Put, $"{index}/_settings", Utf8.Of(new() { ["index"] = new JsonObject { ["refresh_interval"] = "1s" } }), cancellationToken), index);

    /// <summary>Takes aliases from indexes and gives them to one, all at once: no search sees anything between.</summary>
    public async Task MoveAliasesAsync(IReadOnlyList<(string Index, string Alias)> from, string to, IReadOnlyList<string> aliases, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(aliases);
        var actions = from.Select(f => new JsonObject { ["remove"] = new JsonObject { ["index"] = f.Index, ["alias"] = f.Alias } })
            .Concat(aliases.Select(alias => new JsonObject { ["add"] = new JsonObject { ["index"] = to, ["alias"] = alias } }));
        Expect(await IndexAsync(HttpMethod.Post, "_aliases", Utf8.Of(new() { ["actions"] = new JsonArray([.. actions]) }), cancellationToken), to);
    }

    /// <summary>Sends documents, each with the version of what it shows: older ones than the index has are refused there (409), which is as good as written.</summary>
    /// <returns>How each ended, in order.</returns>
    internal async Task<IReadOnlyList<BulkItem>> BulkAsync(string alias, IReadOnlyList<VersionedDocument> documents, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        foreach (var document in documents)
        {
            Write(body, JsonSerializer.SerializeToUtf8Bytes(new(new(alias, document.Key, document.Source.Tenant, document.Version, "external", RequireAlias: true)), ElasticsearchJson.Default.BulkAction));
            Write(body, document.Utf8);
        }

        var reply = await transport.SendAsync(ElasticsearchTransport.Indexing, HttpMethod.Post, "_bulk", body.WrittenMemory, ElasticsearchTransport.LinesOfJson, cancellationToken);
        Expect(reply, "_bulk");
        var items = Read(reply.Body, ElasticsearchJson.Default.BulkResponse).Items;
        return items.Count == documents.Count ? [.. items.Select(item => item.Values.Single())] : throw new ElasticsearchException(200, $"{items.Count} outcomes for {documents.Count} documents.");
    }

    /// <summary>Searches. Null when there is no such index.</summary>
    internal async Task<SearchResponse?> SearchAsync(string client, string index, string? tenantId, byte[] query, CancellationToken cancellationToken)
    {
        var routing = tenantId is null ? "" : $"&routing={Uri.EscapeDataString(tenantId)}";
        var reply = await transport.SendAsync(client, HttpMethod.Post, $"{index}/_search?allow_partial_search_results=false{routing}", query, cancellationToken: cancellationToken);
        if (reply.IsMissing)
        {
            return null;
        }

        var response = Read(reply.Body, ElasticsearchJson.Default.SearchResponse);
        return response.TimedOut || response.Shards.Failed > 0 ? throw new ElasticsearchUnavailableException((int)reply.Status, "a part of the index did not answer.") : response;
    }

    private Task<Reply> IndexAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken) =>
        transport.SendAsync(ElasticsearchTransport.Indexing, method, path, body is null ? null : body.AsMemory(), cancellationToken: cancellationToken);

    private static void Write(ArrayBufferWriter<byte> body, ReadOnlySpan<byte> line)
    {
        body.Write(line);
        body.Write("\n"u8);
    }

    private static void Expect(Reply reply, string what)
    {
        if (reply.IsMissing)
        {
            throw new ElasticsearchException(404, $"{what}: {ErrorText.Of(reply.Body)}");
        }
    }

    /// <summary>A proxy may answer 200 with something else.</summary>
    private static T Read<T>(byte[] body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new ElasticsearchUnavailableException(200, $"no answer of Elasticsearch: {ErrorText.Of(body)}", exception);
        }
    }
}

/// <summary>A document with the position of the event sequence that it is at least as new as.</summary>
internal sealed class VersionedDocument(IndexedCapability source, long version)
{
    public IndexedCapability Source { get; } = source;

    public long Version { get; } = version;

    public string Key => $"{Source.Tenant}:{Source.Id}";

    public byte[] Utf8 { get; } = JsonSerializer.SerializeToUtf8Bytes(source, ElasticsearchJson.Default.IndexedCapability);
}
