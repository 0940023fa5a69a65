using System.Globalization;
using CapabilityRegistry.Api.Events;
using CapabilityRegistry.Tests.Testing;
using CapabilityRegistry.Tests.Testing.Elasticsearch;
using Microsoft.Extensions.DependencyInjection;

namespace CapabilityRegistry.Tests.Search;

/// <summary>A registry with worker and search engine, over a database of its own.</summary>
internal sealed class SearchedApp(RegistryApp app, string connectionString) : IAsyncDisposable
{
    public const string Postgres = "postgres";
    public const string Elasticsearch = "elasticsearch";

    public RegistryApp App => app;

    public string ConnectionString => connectionString;

    public static async Task<SearchedApp> StartAsync(DatabaseServer server, SearchEngine engine, params (string Key, string Value)[] more)
    {
        var (connectionString, settings) = (await server.CreateDatabaseAsync(), engine.Settings());

        // Which engine answers is asserted: a busy machine must not be taken for an engine that is away.
        settings["Elasticsearch:SearchTimeoutMs"] = "10000";
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        return new(await RegistryApp.StartAsync(connectionString, withWorker: true, settings: settings), connectionString);
    }

    public T Service<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>Registers a capability.</summary>
    /// <returns>The position of the write.</returns>
    public Task<long> RegisterAsync(string code, string more = "") => WriteAsync(HttpMethod.Post, "/api/capabilities", Sample.Manifest(code, more: more));

    /// <summary>Writes.</summary>
    /// <returns>The position of the write.</returns>
    public async Task<long> WriteAsync(HttpMethod method, string path, string? body = null)
    {
        var answer = await app.SendAsync(method, path, body);
        Assert.True(answer.Status is >= 200 and < 300, answer.Text);
        return long.Parse(answer.Headers.GetValues(PositionFilter.Header).Single(), CultureInfo.InvariantCulture);
    }

    /// <summary>Searches, if need be in a state that has a position.</summary>
    public async Task<Found> SearchAsync(string query, long? position = null)
    {
        var answer = position is null ? await app.GetAsync($"/api/capabilities?{query}") : await app.SendAsync(HttpMethod.Get, $"/api/capabilities?{query}", headers: (PositionFilter.MinimumHeader, $"{position}"));
        Assert.True(answer.Status == 200, answer.Text);
        return Found.Of(answer);
    }

    /// <summary>Waits until the engine answers for a position.</summary>
    public async Task UntilIndexedAsync(long position)
    {
        while ((await SearchAsync("search=anything+else", position)).Engine != Elasticsearch)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

/// <summary>What a search gave.</summary>
internal sealed record Found(string? Engine, string[] Codes, long Total, string? Facets, string? Cursor)
{
    public static Found Of(Answer answer)
    {
        var json = answer.Json;
        return new(
            json.TryGetProperty("engine", out var engine) ? engine.GetString() : null,
            [.. json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("capability_code").GetString()!)],
            json.GetProperty("total_count").GetInt64(),
            json.TryGetProperty("facets", out var facets) ? facets.GetRawText() : null,
            json.TryGetProperty("next_cursor", out var cursor) ? cursor.GetString() : null);
    }
}
