using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CapabilityRegistry.Benchmarks.Clients;

namespace CapabilityRegistry.Benchmarks.Chaos;

/// <summary>One client: registers capabilities of its own, publishes, deprecates, edits, deletes and restores them. What is not answered is uncertain, and its capability is left alone from then on.</summary>
internal sealed class Writer(RunningSystem system, Ledger ledger, int client, ChaosPlan plan)
{
    private const int VersionsEach = 6;

    private readonly Random _random = new(plan.Seed + client + 1);
    private int _made;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await LiveAsync($"c{client}-{_made++}", cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The time is up.
        }
    }

    /// <summary>The life of a capability, up to the first write that is not answered.</summary>
    private async Task LiveAsync(string code, CancellationToken cancellationToken)
    {
        if (!await WriteAsync(HttpMethod.Post, "/api/capabilities", Manifest(code, "1.0.0"), Ledger.KeyOf("version.published", code, "1.0.0"), cancellationToken))
        {
            return;
        }

        for (var minor = 1; minor <= VersionsEach; minor++)
        {
            var version = $"1.{minor}.0";
            var (method, path, body, key) = _random.Next(4) switch
            {
                0 => (HttpMethod.Patch, $"/api/capabilities/{code}", new JsonObject { ["description"] = $"Edited for the {minor}th time" }, Ledger.KeyOf("capability.updated", code, null)),
                1 => (HttpMethod.Post, $"/api/capabilities/{code}/versions/1.0.0/deprecate", new JsonObject { ["message"] = $"Take {version}" }, Ledger.KeyOf("version.lifecycle_changed", code, "1.0.0")),
                _ => (HttpMethod.Post, $"/api/capabilities/{code}/versions", Manifest(code, version), Ledger.KeyOf("version.published", code, version)),
            };
            if (!await WriteAsync(method, path, body, key, cancellationToken))
            {
                return;
            }
        }

        if (_random.Next(2) == 0 && await WriteAsync(HttpMethod.Delete, $"/api/capabilities/{code}?force=true", null, Ledger.KeyOf("capability.deleted", code, null), cancellationToken))
        {
            await WriteAsync(HttpMethod.Post, $"/api/capabilities/{code}/restore", null, Ledger.KeyOf("capability.restored", code, null), cancellationToken);
        }
    }

    private async Task<bool> WriteAsync(HttpMethod method, string path, JsonObject? body, string key, CancellationToken cancellationToken)
    {
        await Task.Delay(plan.Pause * (0.5 + _random.NextDouble()), cancellationToken);
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, new MediaTypeHeaderValue(method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json")) };
        try
        {
            using var answer = await system.Http.SendAsync(request, CancellationToken.None);
            if (answer.IsSuccessStatusCode)
            {
                ledger.Acknowledge(key);
                return true;
            }

            // What is refused for a reason is not kept, by contract; of what met an outage nobody can be sure.
            if (answer.StatusCode < HttpStatusCode.InternalServerError)
            {
                throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException)
        {
            await Task.Delay(plan.Pause, cancellationToken);
        }

        ledger.Doubt(key);
        return false;
    }

    private static JsonObject Manifest(string code, string version) => new() { ["capability_code"] = code, ["version"] = version, ["description"] = "Written under fire", ["category"] = "chaos" };
}
