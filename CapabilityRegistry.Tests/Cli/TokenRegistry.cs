using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CapabilityRegistry.Tests.Cli;

/// <summary>As much of a registry as logins need: it hands out tokens, asks for them, and says when it has had enough.</summary>
internal sealed class TokenRegistry : IAsyncDisposable
{
    public const string Client = "robot";

    private static readonly string[] Roles = ["capability_developer", "observer"];

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, string> _tokens = new(StringComparer.Ordinal);

    private TokenRegistry(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    public string Secret { get; set; } = "correct horse battery staple";

    public int ExpiresIn { get; set; } = 1800;

    /// <summary>Whether tokens are handed out that are not taken afterwards.</summary>
    public bool ForgetsTokens { get; set; }

    /// <summary>Where requests for tokens are sent on to.</summary>
    public string? RedirectTo { get; set; }

    /// <summary>For the requests to come, with what Retry-After each is refused.</summary>
    public ConcurrentQueue<string> Limits { get; } = new();

    /// <summary>The requests as <c>METHOD path</c>.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The tenants in whose name requests were answered.</summary>
    public ConcurrentQueue<string> Tenants { get; } = new();

    public int TokensAskedFor => Requests.Count(request => request == "POST /api/auth/token");

    public static async Task<TokenRegistry> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var registry = new TokenRegistry(builder.Build());
        registry.Map();
        await registry._app.StartAsync();
        registry.Url = registry._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return registry;
    }

    /// <summary>Makes a token that this registry takes.</summary>
    public string Issue(string tenant, DateTimeOffset? expiresAt = null)
    {
        var token = FakeToken.Of(tenant, Client, Roles, expiresAt);
        _tokens[token] = tenant;
        return token;
    }

    /// <summary>Takes none of the tokens any longer that were handed out.</summary>
    public void Revoke() => _tokens.Clear();

    /// <summary>What no command may show.</summary>
    public IEnumerable<string> Secrets() => _tokens.Keys.Append(Secret);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static IResult Problem(int status, string code) =>
        Results.Problem(statusCode: status, title: "Refused", detail: $"Because of {code}.", extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["error_code"] = code });

    private void Map()
    {
        _app.Use(CheckAsync);
        _app.MapPost("/api/auth/token", (JsonElement body) => HandOut(body));
        _app.MapGet("/api/capabilities", () => Results.Text("""{"items":[],"total_count":0,"page":1,"total_pages":0}""", "application/json"));
        _app.MapPost("/api/dependencies/resolve", () => Results.Text("""{"status":"resolved","lock":{"versions":[]}}""", "application/json"));
        _app.MapPost("/api/compositions/{id}/lock", () => Results.Text("""{"status":"resolved","lock":{"versions":[]}}""", "application/json"));
        _app.MapPost("/api/capabilities/import", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            var lines = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return Results.Text(string.Concat(lines.Select((_, i) => $$"""{"line":{{i + 1}},"status":"created"}""" + "\n")), "application/x-ndjson");
        });
    }

    private async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
        var isForToken = context.Request.Path == "/api/auth/token";
        if (Limits.TryDequeue(out var retryAfter))
        {
            context.Response.Headers.RetryAfter = retryAfter;
            await Problem(429, "RATE_LIMIT_ERROR").ExecuteAsync(context);
        }
        else if (isForToken || _tokens.TryGetValue(context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal), out var tenant) && Note(tenant))
        {
            await next(context);
        }
        else
        {
            await Problem(401, "AUTHENTICATION_ERROR").ExecuteAsync(context);
        }
    }

    private bool Note(string tenant)
    {
        Tenants.Enqueue(tenant);
        return true;
    }

    private IResult HandOut(JsonElement body)
    {
        if (RedirectTo is not null)
        {
            return Results.Redirect(RedirectTo, permanent: true, preserveMethod: true);
        }

        if (body.GetProperty("client_id").GetString() != Client || body.GetProperty("client_secret").GetString() != Secret)
        {
            return Problem(401, "AUTHENTICATION_ERROR");
        }

        var token = Issue(body.GetProperty("tenant_id").GetString()!);
        if (ForgetsTokens)
        {
            Revoke();
        }

        return Results.Text($$"""{"access_token":"{{token}}","token_type":"bearer","expires_in":{{ExpiresIn}},"scope":"registry:read registry:write"}""", "application/json");
    }
}
