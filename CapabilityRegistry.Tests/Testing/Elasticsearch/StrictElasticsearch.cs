using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CapabilityRegistry.Tests.Testing.Elasticsearch;

/// <summary>Speaks as much of Elasticsearch as we use, on a free port of loopback, and refuses what the real one refuses: with its status, in its words. What it does not know it refuses too.</summary>
internal sealed class StrictElasticsearch : IAsyncDisposable
{
    private static readonly string[] Verbs = ["_search", "_refresh", "_settings"];

    private readonly Lock _lock = new();
    private readonly IndexStore _store = new();
    private WebApplication _app = null!;
    private int _port;

    /// <summary>Where it answers.</summary>
    public Uri Address => new($"http://127.0.0.1:{_port}/");

    /// <summary>Every request, with what it accepts and who asks.</summary>
    public ConcurrentQueue<(string Method, string Path, string Accept, string Authorization)> Requests { get; } = [];

    /// <summary>Answers instead of the server, unless it gives null: a proxy, an overloaded node.</summary>
    public Func<HttpRequest, IResult?> Interfere { get; set; } = _ => null;

    /// <summary>How many items of bulks are still refused with 429.</summary>
    public int BusyItems
    {
        get => _store.BusyItems;
        set => _store.BusyItems = value;
    }

    /// <summary>Which documents are refused for good.</summary>
    public Func<JsonObject, bool> IsPoison
    {
        get => _store.IsPoison;
        set => _store.IsPoison = value;
    }

    /// <summary>The largest body of a bulk.</summary>
    public int MostBulkBytes { get; set; } = 100 * 1024 * 1024;

    public static async Task<StrictElasticsearch> StartAsync()
    {
        var server = new StrictElasticsearch();
        await server.RestartAsync();
        return server;
    }

    /// <summary>Starts it where it was, with what it had.</summary>
    public async Task RestartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{_port}");
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
        _port = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    }

    /// <summary>Ends it; connections are refused.</summary>
    public async Task KillAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    /// <summary>Forgets everything: indexes, aliases, documents.</summary>
    public void Wipe() => Locked(_store.Clear);

    /// <summary>The documents of an index behind a name, refreshed or not.</summary>
    public IReadOnlyDictionary<string, StoredDocument> Documents(string name) => Locked(() => _store.Resolve(name).Single().Documents.ToDictionary());

    /// <summary>The names of the indexes.</summary>
    public IReadOnlyList<string> Indexes() => Locked(() => (IReadOnlyList<string>)[.. _store.Names]);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private T Locked<T>(Func<T> action)
    {
        lock (_lock)
        {
            return action();
        }
    }

    private void Locked(Action action)
    {
        lock (_lock)
        {
            action();
        }
    }

    private async Task AnswerAsync(HttpContext http)
    {
        Requests.Enqueue((http.Request.Method, http.Request.Path, http.Request.Headers.Accept.ToString(), http.Request.Headers.Authorization.ToString()));
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer);
        var answer = Interfere(http.Request) ?? Locked(() => Answer(http.Request, buffer.ToArray()));
        http.Response.Headers["X-Elastic-Product"] = "Elasticsearch";
        await answer.ExecuteAsync(http);
    }

    private IResult Answer(HttpRequest request, byte[] body)
    {
        try
        {
            RequireContentType(request, body);
            return Results.Text(Route(request, body).ToJsonString(), "application/json", Encoding.UTF8, StatusCodes.Status200OK);
        }
        catch (RefusalException refusal)
        {
            return Results.Text(refusal.Body.ToJsonString(), "application/json", Encoding.UTF8, refusal.Status);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return Results.Text(new RefusalException(400, "parse_exception", exception.Message).Body.ToJsonString(), "application/json", Encoding.UTF8, 400);
        }
    }

    private JsonNode Route(HttpRequest request, byte[] body)
    {
        string[] path = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (request.Method, path) switch
        {
            ("GET", []) => new JsonObject { ["version"] = new JsonObject { ["number"] = "9.2.0" } },
            ("GET", ["_alias", var alias]) => _store.Alias(alias),
            ("POST", ["_aliases"]) => _store.ChangeAliases(Object(body)),
            ("POST", ["_bulk"]) => Bulk(request, body),
            ("PUT", [var index]) when index[0] != '_' => _store.Create(index, Object(body)),
            ("DELETE", [var index]) when index[0] != '_' => _store.Delete(index),
            ("POST", [var index, "_refresh"]) => _store.Refresh(index),
            ("PUT", [var index, "_settings"]) => _store.Change(index, Object(body)),
            ("POST", [var index, "_search"]) => Search(request, index, Object(body)),
            (_, [_, var verb]) when Verbs.Contains(verb, StringComparer.Ordinal) => throw new RefusalException(405, $"Incorrect HTTP method for uri [{request.Path}] and method [{request.Method}]"),
            _ => throw new RefusalException(400, $"no handler found for uri [{request.Path}] and method [{request.Method}]"),
        };
    }

    private JsonObject Bulk(HttpRequest request, byte[] body)
    {
        Known(request, "require_alias", "refresh", "timeout");
        if (body.Length > MostBulkBytes)
        {
            throw new RefusalException(413, "Request entity too large");
        }

        return new BulkRequest(_store).Run(body);
    }

    private JsonObject Search(HttpRequest request, string index, JsonObject body)
    {
        Known(request, "routing", "allow_partial_search_results", "preference", "timeout");
        return new SearchExecution(body).Run(_store.Resolve(index), request.Query["routing"].FirstOrDefault());
    }

    private static void Known(HttpRequest request, params string[] known)
    {
        if (request.Query.Keys.FirstOrDefault(key => !known.Contains(key, StringComparer.Ordinal)) is { } unknown)
        {
            throw new RefusalException(400, "illegal_argument_exception", $"request [{request.Path}] contains unrecognized parameter: [{unknown}]");
        }
    }

    /// <summary>Nothing is guessed: plain JSON, or lines of it.</summary>
    private static void RequireContentType(HttpRequest request, byte[] body)
    {
        string[] allowed = request.Path == "/_bulk" ? ["application/x-ndjson", "application/json"] : ["application/json"];
        if (body.Length > 0 && !allowed.Contains(request.ContentType, StringComparer.Ordinal))
        {
            throw new RefusalException(406, $"Content-Type header [{request.ContentType}] is not supported");
        }
    }

    private static JsonObject Object(byte[] body) =>
        body.Length == 0 ? throw new RefusalException(400, "parse_exception", "request body is required") : JsonNode.Parse(body) as JsonObject ?? throw new RefusalException(400, "parse_exception", "not an object");
}

/// <summary>An answer that is an error. The error is an object, or in some places a bare string.</summary>
internal sealed class RefusalException : Exception
{
    public RefusalException(int status, string text)
        : base(text) => (Status, Body) = (status, new() { ["error"] = text, ["status"] = status });

    public RefusalException(int status, string type, string reason)
        : base(reason) => (Status, Body) = (status, new() { ["error"] = Error(type, reason), ["status"] = status });

    public int Status { get; }

    public JsonObject Body { get; }

    private static JsonObject Error(string type, string reason) => new()
    {
        ["root_cause"] = new JsonArray(new JsonObject { ["type"] = type, ["reason"] = reason }),
        ["type"] = type,
        ["reason"] = reason,
    };
}
