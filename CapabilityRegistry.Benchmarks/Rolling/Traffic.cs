using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using CapabilityRegistry.Benchmarks.Clients;

namespace CapabilityRegistry.Benchmarks.Rolling;

/// <summary>Clients that read, resolve, write and wait for changes, each one request after the other, and never a second time.</summary>
internal sealed class Traffic(HttpClient http, Samples samples, Ledger ledger, RollingPlan plan)
{
    /// <summary>Shorter than a restart, so that some of them are ended by one, and longer than what is left of many.</summary>
    private const int PollSeconds = 15;

    private const int Seeds = 20;

    private int _made;

    /// <summary>Publishes what is read and resolved later.</summary>
    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < Seeds; i++)
        {
            JsonObject[] needs = i == 0 ? [] : [new() { ["capability_code"] = Seed(i - 1), ["version_range"] = "^1.0.0" }];
            var manifest = Manifest(Seed(i), "1.0.0");
            manifest["dependencies"] = new JsonArray([.. needs]);
            using var answer = await http.PostAsync(new Uri("/api/capabilities", UriKind.Relative), JsonContent.Create(manifest), cancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Asks until it is told to stop; what has begun is finished.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
        Enumerable.Range(0, plan.Clients).SelectMany(client => new[]
        {
            RepeatAsync(i => AskAsync("read", HttpMethod.Get, Read(client + i)), stop),
            RepeatAsync(i => AskAsync("resolve", HttpMethod.Post, "/api/dependencies/resolve", Requirement(client + i)), stop),
            RepeatAsync(i => WriteAsync(client, i), stop),
        }).Append(PollAsync(stop)));

    private async Task RepeatAsync(Func<int, Task> ask, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            await ask(i);
            await Task.Delay(plan.Pause, stop).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static string Seed(int i) => $"seed-{i}";

    private static string Read(int i) => (i % 4) switch
    {
        0 => $"/api/capabilities?search=seed&per_page=10&page={1 + (i % 2)}",
        1 => $"/api/capabilities/{Seed(i % Seeds)}/versions",
        2 => "/api/capabilities?category=rolling&per_page=5",
        _ => $"/api/capabilities/{Seed(i % Seeds)}",
    };

    private static JsonObject Requirement(int i) => new() { ["requirements"] = new JsonArray(new JsonObject { ["capability_code"] = Seed(i % Seeds), ["version_range"] = "*" }) };

    /// <summary>A capability, another version of it, and an edit.</summary>
    private async Task WriteAsync(int client, int i)
    {
        var code = $"rolling-{client}-{i / 3}";
        var (method, path, body, key) = (i % 3) switch
        {
            0 => (HttpMethod.Post, "/api/capabilities", Manifest(code, "1.0.0"), Ledger.KeyOf("version.published", code, "1.0.0")),
            1 => (HttpMethod.Post, $"/api/capabilities/{code}/versions", Manifest(code, "1.1.0"), Ledger.KeyOf("version.published", code, "1.1.0")),
            _ => (HttpMethod.Patch, $"/api/capabilities/{code}", new JsonObject { ["description"] = $"Edited during restarts, {i}" }, Ledger.KeyOf("capability.updated", code, null)),
        };
        if (await AskAsync(method == HttpMethod.Patch ? "edit" : "publish", method, path, body))
        {
            ledger.Acknowledge(key);
        }
        else
        {
            ledger.Doubt(key);
        }
    }

    private Task<bool> AskAsync(string kind, HttpMethod method, string path, JsonObject? body = null) => samples.TakeAsync(kind, async () =>
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, new MediaTypeHeaderValue(method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json"));
        }

        if (kind == "publish")
        {
            request.Headers.Add("Idempotency-Key", $"publish-{Interlocked.Increment(ref _made).ToString(CultureInfo.InvariantCulture)}");
        }

        using var answer = await http.SendAsync(request, CancellationToken.None);
        var text = await answer.Content.ReadAsStringAsync(CancellationToken.None);
        return answer.IsSuccessStatusCode ? null : $"{method} {path}: {(int)answer.StatusCode} {text}";
    });

    /// <summary>Follows the feed by waiting for it.</summary>
    private async Task PollAsync(CancellationToken stop)
    {
        for (var position = 0L; !stop.IsCancellationRequested;)
        {
            var since = position;
            await samples.TakeAsync("poll", async () =>
            {
                using var answer = await http.GetAsync(new Uri($"/api/changes?since={since}&types=composition.created&wait={PollSeconds}", UriKind.Relative), CancellationToken.None);
                var text = await answer.Content.ReadAsStringAsync(CancellationToken.None);
                position = answer.IsSuccessStatusCode ? JsonElement.Parse(text).GetProperty("position").GetInt64() : since;
                return answer.IsSuccessStatusCode ? null : $"GET /api/changes: {(int)answer.StatusCode} {text}";
            });
        }
    }

    private static JsonObject Manifest(string code, string version) =>
        new() { ["capability_code"] = code, ["version"] = version, ["description"] = "Written during restarts", ["category"] = "rolling" };
}
