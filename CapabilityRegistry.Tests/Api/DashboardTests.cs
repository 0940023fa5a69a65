using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api;

/// <summary>The tenant in numbers.</summary>
public sealed class DashboardTests(DatabaseServer server)
{
    [Fact]
    public async Task It_counts_what_the_tenant_has_and_tells_what_happened_last()
    {
        await using var app = await RegistryApp.StartAsync(await server.CreateDatabaseAsync(), withWorker: true);
        await app.ImportAsync($"{Sample.Manifest("ours", "1.0.0")}\n{Sample.Manifest("ours", "1.1.0")}\n{Sample.Manifest("away")}\n{Sample.Manifest("pay").Replace("\"category\":\"test\"", "\"category\":\"finance\"", StringComparison.Ordinal)}");
        await app.ImportAsync(Sample.Manifest("theirs"), tenant: "another");
        Assert.Equal(200, (await app.PostAsync("/api/capabilities/ours/versions/1.0.0/yank", """{"reason":"bad"}""")).Status);
        Assert.Equal(204, (await app.SendAsync(HttpMethod.Delete, "/api/capabilities/away")).Status);
        var composition = await app.PostAsync("/api/compositions", """{"name":"shop","composition_type":"web","requirements":[{"capability_code":"ours"}]}""");
        var id = composition.Json.GetProperty("composition_id").GetString()!;
        var locked = await app.PostAsync($"/api/compositions/{id}/lock", null);

        var answer = await app.SendAsync(HttpMethod.Get, "/api/registry/dashboard", headers: ("Registry-Min-Position", locked.Headers.GetValues("Registry-Position").Single()));
        Assert.Equal(200, answer.Status);
        Assert.Equal("""{"total":2,"by_status":{"registered":2},"by_category":{"finance":1,"test":1}}""", answer.Json.GetProperty("capabilities").GetRawText());
        Assert.Equal("""{"total":3,"by_lifecycle":{"active":2,"yanked":1}}""", answer.Json.GetProperty("versions").GetRawText());
        Assert.Equal("""{"total":1,"locked":1,"by_type":{"web":1}}""", answer.Json.GetProperty("compositions").GetRawText());
        var recent = answer.Json.GetProperty("recent_activity").EnumerateArray().ToArray();
        Assert.Equal(["composition.locked", "composition.created", "capability.deleted"], recent.Take(3).Select(a => a.GetProperty("event_type").GetString()));
        Assert.Equal((id, "away"), (recent[0].GetProperty("composition_id").GetString(), recent[2].GetProperty("capability_code").GetString()));
        Assert.Equal(answer.Json.GetProperty("events_head").GetInt64(), recent[0].GetProperty("position").GetInt64());
        Assert.DoesNotContain("theirs", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_no_address_where_analytics_are_switched_off()
    {
        await using var app = await RegistryApp.StartAsync(await server.CreateDatabaseAsync(), settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Features:AnalyticsDashboard"] = "false" });
        Assert.Equal(404, (await app.GetAsync("/api/registry/dashboard")).Status);
        Assert.Equal(200, (await app.GetAsync("/api/registry/health")).Status);
    }
}
