using System.Text.Json;
using CapabilityRegistry.Benchmarks.Proxies;
using CapabilityRegistry.Tests.Deploy;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Cli;

/// <summary>The full check: what it looks at, and how it ends.</summary>
public sealed class HealthCommandTests(RegistryFixture registry) : IClassFixture<RegistryFixture>, IDisposable
{
    private readonly CommandLine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task All_is_well_with_a_registry_that_is()
    {
        var (code, checks) = await RunAsync(token: await registry.App.Tokens.OfAsync(TestTokens.Tenant));
        Assert.Equal(0, code);
        Assert.Equal(["http", "postgresql", "read", "schema", "self", "token"], checks.Keys.Order(StringComparer.Ordinal));
        Assert.All(checks.Values, status => Assert.Equal("healthy", status));
    }

    [Fact]
    public async Task A_login_that_is_not_taken_is_1_and_the_rest_is_told_all_the_same()
    {
        var (code, checks) = await RunAsync(token: "eyJ0.eyJ0.eyJ0");
        Assert.Equal((1, "healthy", "unhealthy"), (code, checks["postgresql"], checks["read"]));
        (code, checks) = await RunAsync(token: null);
        Assert.Equal((1, "healthy", "unhealthy"), (code, checks["http"], checks["token"]));
    }

    [Fact]
    public async Task Without_a_login_there_is_what_anybody_may_see()
    {
        var (code, checks) = await RunAsync(token: null, "--anonymous");
        Assert.Equal(0, code);
        Assert.DoesNotContain("token", checks.Keys);
    }

    [Fact]
    public async Task A_registry_that_is_not_there_is_1()
    {
        var (code, checks) = await RunAsync(token: null, "--anonymous", "--url", "http://127.0.0.1:1");
        Assert.Equal((1, "unhealthy"), (code, checks["http"]));
    }

    [Fact]
    public async Task A_certificate_is_looked_at_even_when_it_is_not_believed()
    {
        await using var nginx = await Nginx.StartAsync(Tool.Require("nginx"), registry.App.Http.BaseAddress!.Port);
        string[] url = ["--anonymous", "--url", $"https://127.0.0.1:{nginx.HttpsPort}"];
        var (code, checks) = await RunAsync(token: null, [.. url, "--tls-days", "5"]);
        Assert.Equal((1, "unhealthy", "healthy"), (code, checks["http"], checks["tls"]));
        (_, checks) = await RunAsync(token: null, [.. url, "--tls-days", "30"]);
        Assert.Equal("unhealthy", checks["tls"]);
    }

    [Fact]
    public async Task People_get_a_table()
    {
        _cli.Environment["REGISTRY_URL"] = registry.App.Http.BaseAddress!.ToString();
        var run = await _cli.SucceedAsync("health", "--anonymous");
        Assert.Contains("The registry is healthy.", run.Output, StringComparison.Ordinal);
        Assert.Contains("postgresql", run.Output, StringComparison.Ordinal);
    }

    private async Task<(int Code, Dictionary<string, string> Checks)> RunAsync(string? token, params string[] arguments)
    {
        _cli.Environment["REGISTRY_URL"] = registry.App.Http.BaseAddress!.ToString();
        _cli.Environment["REGISTRY_TOKEN"] = token ?? "";
        var run = await _cli.RunAsync(["health", "--json", .. arguments]);
        var report = JsonDocument.Parse(run.Output).RootElement;
        return (run.ExitCode, report.GetProperty("checks").EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!, c => c.GetProperty("status").GetString()!, StringComparer.Ordinal));
    }
}
