using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CapabilityRegistry.Api;
using CapabilityRegistry.Data;
using CapabilityRegistry.Data.Webhooks;
using CapabilityRegistry.ServiceDefaults;
using CapabilityRegistry.Worker;
using CapabilityRegistry.Worker.Search;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CapabilityRegistry.Tests.Testing;

/// <summary>The API as it is deployed, on a free port of loopback, over a database of its own.</summary>
public sealed class RegistryApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    /// <summary>Adds no trace of its own to requests: some tests bring one.</summary>
    private readonly SocketsHttpHandler _handler = new() { ActivityHeadersPropagator = null };

    private RegistryApp(WebApplication app, Uri address)
    {
        _app = app;
        Http = new(_handler, disposeHandler: false) { BaseAddress = address };
        Tokens = new(app.Services);
    }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public TestTokens Tokens { get; }

    /// <summary>Starts it. Rates are not limited unless the settings say so.</summary>
    public static async Task<RegistryApp> StartAsync(
        string connectionString, bool withWorker = false, IReadOnlyDictionary<string, string?>? settings = null, Action<WebApplicationBuilder>? configure = null, string? environment = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.Configuration["ConnectionStrings:registry"] = connectionString;
        builder.Configuration["Auth:SigningKey"] = TestTokens.SigningKey;
        builder.Configuration["RateLimit:Enabled"] = "false";

        // Tests that compare tables would find what others have read meanwhile.
        builder.Configuration["Usage:FlushSeconds"] = "3600";
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>(StringComparer.Ordinal));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.AddNpgsqlDataSource(RegistryData.ConnectionName, configureDataSourceBuilder: RegistryData.Configure);
        builder.Services.AddSingleton<IHostResolver, NoHosts>();
        builder.Services.AddRegistryData();
        builder.EnrichNpgsqlDbContext<RegistryDbContext>(settings => settings.DisableRetry = true);
        builder.AddRegistryApi();
        if (withWorker)
        {
            builder.Services.AddRegistryWorker();
            builder.AddSearchIndexing();
        }

        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapRegistryApi();
        await app.StartAsync();
        var registry = new RegistryApp(app, new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()));
        registry.Http.DefaultRequestHeaders.Authorization = new("Bearer", await registry.Tokens.OfAsync(TestTokens.Tenant));
        return registry;
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, string contentType = "application/json", string? tenant = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        if (tenant is not null)
        {
            request.Headers.Authorization = new("Bearer", await Tokens.OfAsync(tenant));
        }

        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.OfAsync(response);
    }

    public Task<Answer> GetAsync(string path, string? tenant = null) => SendAsync(HttpMethod.Get, path, tenant: tenant);

    public Task<Answer> PostAsync(string path, string? body, string? tenant = null) => SendAsync(HttpMethod.Post, path, body, tenant: tenant);

    /// <summary>Imports lines and answers with the outcomes.</summary>
    public async Task<JsonElement[]> ImportAsync(string lines, string query = "", string? tenant = null)
    {
        var answer = await SendAsync(HttpMethod.Post, $"/api/capabilities/import{query}", lines, "application/x-ndjson", tenant);
        Assert.Equal(200, answer.Status);
        return [.. answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _handler.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>What came back.</summary>
public sealed record Answer(int Status, string? ContentType, string Text, HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The error codes of a problem document, or nothing.</summary>
    public string? ErrorCode => ContentType == "application/problem+json" ? Json.GetProperty("error_code").GetString() : null;

    public string[] ErrorPointers => [.. Json.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString()!)];

    public static async Task<Answer> OfAsync(HttpResponseMessage response) =>
        new((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Headers);
}

/// <summary>An API over a database of the test class's own.</summary>
public sealed class RegistryFixture(DatabaseServer server) : IAsyncLifetime
{
    public string ConnectionString { get; private set; } = "";

    public RegistryApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await server.CreateDatabaseAsync();
        App = await RegistryApp.StartAsync(ConnectionString);
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}

/// <summary>Manifests, briefly.</summary>
internal static class Sample
{
    public static string Manifest(string code, string version = "1.0.0", string dependencies = "", string more = "") =>
        $$"""{"capability_code":"{{code}}","version":"{{version}}","capability_name":"{{code}}","description":"The {{code}} capability","category":"test","dependencies":[{{dependencies}}]{{(more.Length == 0 ? "" : "," + more)}}}""";

    public static string Needs(string code, string range = "*", string type = "required") =>
        $$"""{"capability_code":"{{code}}","version_range":"{{range}}","dependency_type":"{{type}}"}""";

    public static string Resolve(params string[] requirements) =>
        $$"""{"requirements":[{{string.Join(',', requirements.Select(r => r.Split('@')).Select(p => $$"""{"capability_code":"{{p[0]}}","version_range":"{{(p.Length > 1 ? p[1] : "*")}}"}"""))}}]}""";
}
