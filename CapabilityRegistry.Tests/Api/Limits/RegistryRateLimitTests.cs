using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Limits;

/// <summary>The limits where they are in the API.</summary>
public sealed class RegistryRateLimitTests(DatabaseServer server)
{
    [Fact]
    public async Task The_api_is_limited_and_its_probes_are_not()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["RateLimit:Enabled"] = "true", ["RateLimit:RequestsPerMinute"] = "1", ["RateLimit:Burst"] = "4" };
        await using var app = await RegistryApp.StartAsync(await server.CreateDatabaseAsync(), settings: settings);
        (string, int)[] requests = [("/api/capabilities", 200), ("/api/capabilities/none", 404), ("/nowhere", 404), ("/api/capabilities?page=0", 400), ("/api/capabilities", 429), ("/nowhere", 429)];
        foreach (var (path, status) in requests)
        {
            var answer = await app.GetAsync(path);
            Assert.Equal(status, answer.Status);
            Assert.Equal(["1"], answer.Headers.GetValues("X-RateLimit-Limit"));
        }

        foreach (var probe in (string[])["/health", "/alive", "/api/health"])
        {
            var answer = await app.GetAsync(probe);
            Assert.Equal(200, answer.Status);
            Assert.False(answer.Headers.Contains("X-RateLimit-Limit"), probe);
        }
    }

    [Fact]
    public async Task An_api_without_limits_says_nothing_of_them()
    {
        await using var app = await RegistryApp.StartAsync(await server.CreateDatabaseAsync());
        Assert.False((await app.GetAsync("/api/capabilities")).Headers.Contains("X-RateLimit-Limit"));
    }
}
