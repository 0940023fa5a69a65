using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using CapabilityRegistry.Benchmarks.Clients;

namespace CapabilityRegistry.Benchmarks.Soak;

/// <summary>What is asked: of twenty requests ten read one thing, four search or list, three resolve and three write.</summary>
internal sealed class Mix(HttpClient http, Samples samples, Ledger ledger, int seeds)
{
    private const int Categories = 12;

    private readonly int _seeds = seeds;
    private readonly Ledger _ledger = ledger;

    /// <summary>Publishes what is read and resolved: every seed needs the one at half its number, so that a resolution has up to a dozen members.</summary>
    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        var lines = string.Concat(Enumerable.Range(0, _seeds).Select(i => $"{SeedManifest(i).ToJsonString()}\n"));
        using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        using var answer = await http.PostAsync(new Uri("/api/capabilities/import", UriKind.Relative), content, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (text.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(line => !line.Contains("\"status\":\"created\"", StringComparison.Ordinal)) is { } refused)
        {
            throw new InvalidOperationException($"The import of what is read: {(int)answer.StatusCode} {refused}");
        }
    }

    /// <summary>One lane of requests, each after the other.</summary>
    public Lane Open(int number) => new(this, number);

    private static string Seed(int i) => $"soak-seed-{i}";

    private static JsonObject Manifest(string code, string version) =>
        new() { ["capability_code"] = code, ["version"] = version, ["description"] = $"Keeps {code} under load", ["category"] = "soak" };

    private static JsonObject SeedManifest(int i)
    {
        var manifest = Manifest(Seed(i), "1.0.0");
        manifest["category"] = $"soak-{i % Categories}";
        manifest["capability_name"] = $"Soak seed number {i}";
        manifest["composition_keywords"] = new JsonArray($"keyword-{i % 97}", $"kind-{i % 7}");
        if (i > 0)
        {
            manifest["dependencies"] = new JsonArray(new JsonObject { ["capability_code"] = Seed(i / 2), ["version_range"] = "^1.0.0" });
        }

        return manifest;
    }

    private async Task<bool> SendAsync(string kind, long began, HttpMethod method, string path, JsonObject? body = null, params (string Name, string Value)[] headers) => await samples.TakeAsync(kind, began, async () =>
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, new MediaTypeHeaderValue(method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json"));
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var answer = await http.SendAsync(request, CancellationToken.None);
        var text = await answer.Content.ReadAsStringAsync(CancellationToken.None);
        return answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.NotModified ? null : $"{method} {path}: {(int)answer.StatusCode} {text}";
    });

    /// <summary>One request after the other, and the capability that they write.</summary>
    internal sealed class Lane(Mix mix, int number)
    {
        private int _requests;
        private int _lives;
        private int _step;

        /// <summary>The next request.</summary>
        /// <param name="began">Since when its time counts.</param>
        public Task AskAsync(long began)
        {
            // Lanes begin at different requests, and walk through the seeds at different ones.
            var i = number + _requests++;
            var seed = Seed((int)((i * 7_919L) % mix._seeds));
            return (i % 20) switch
            {
                0 or 7 or 14 => WriteAsync(began),
                3 or 10 or 17 => mix.SendAsync("resolve", began, HttpMethod.Post, "/api/dependencies/resolve", new() { ["requirements"] = new JsonArray(new JsonObject { ["capability_code"] = seed, ["version_range"] = "*" }) }),
                1 or 11 => mix.SendAsync("search", began, HttpMethod.Get, $"/api/capabilities?search=seed%20{(i * 31) % mix._seeds}&per_page=10"),
                6 => mix.SendAsync("search", began, HttpMethod.Get, $"/api/capabilities?search=keyword-{i % 97}&per_page=10"),
                16 => mix.SendAsync("list", began, HttpMethod.Get, $"/api/capabilities?category=soak-{i % Categories}&per_page=20"),
                5 => mix.SendAsync("versions", began, HttpMethod.Get, $"/api/capabilities/{seed}/versions"),
                12 => mix.SendAsync("changes", began, HttpMethod.Get, $"/api/changes?since={i % mix._seeds}&limit=20"),
                _ => mix.SendAsync("read", began, HttpMethod.Get, $"/api/capabilities/{seed}"),
            };
        }

        /// <summary>The life of a capability, a step at a time: published, published anew, edited, deprecated, deleted.</summary>
        private async Task WriteAsync(long began)
        {
            var code = $"soak-{number}-{_lives.ToString(CultureInfo.InvariantCulture)}";
            var step = _step++;
            var (kind, method, path, body, key) = step switch
            {
                0 => ("publish", HttpMethod.Post, "/api/capabilities", Manifest(code, "1.0.0"), Ledger.KeyOf("version.published", code, "1.0.0")),
                1 => ("publish", HttpMethod.Post, $"/api/capabilities/{code}/versions", Manifest(code, "1.1.0"), Ledger.KeyOf("version.published", code, "1.1.0")),
                2 => ("edit", HttpMethod.Patch, $"/api/capabilities/{code}", new JsonObject { ["description"] = $"Edited in its life {_lives}" }, Ledger.KeyOf("capability.updated", code, null)),
                3 => ("edit", HttpMethod.Post, $"/api/capabilities/{code}/versions/1.0.0/deprecate", new JsonObject { ["message"] = "Take 1.1.0" }, Ledger.KeyOf("version.lifecycle_changed", code, "1.0.0")),
                _ => ("delete", HttpMethod.Delete, $"/api/capabilities/{code}", null, Ledger.KeyOf("capability.deleted", code, null)),
            };
            if (step == 4)
            {
                (_lives, _step) = (_lives + 1, 0);
            }

            (string, string)[] headers = kind == "publish" ? [("Idempotency-Key", $"{code}-{step}")] : [];
            if (await mix.SendAsync(kind, began, method, path, body, headers))
            {
                mix._ledger.Acknowledge(key);
            }
            else
            {
                mix._ledger.Doubt(key);
            }
        }
    }
}
