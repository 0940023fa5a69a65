using System.Net;
using CapabilityRegistry.Benchmarks.Proxies;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Deploy;

/// <summary>The committed configuration of HAProxy, checked by HAProxy, and at work in front of the API.</summary>
public sealed class HaproxyTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    [Fact]
    public async Task Haproxy_accepts_it()
    {
        var haproxy = Tool.Require("haproxy");
        using var folder = new ProxyFolder();
        var configuration = folder.Adapt("haproxy/haproxy.cfg", ("/etc/ssl/certs/registry.pem", $"{folder.Path}/registry.pem"));
        var result = await Tool.RunInAsync(folder.Path, haproxy, "-c", "-f", configuration);
        Tool.Succeeded(result);
        Assert.DoesNotContain("[WARNING]", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_passes_on_what_it_should_and_nothing_else()
    {
        await using var haproxy = await Haproxy.StartAsync(Tool.Require("haproxy"), registry.App.Http.BaseAddress!.Port, isLimited: true);
        await AssertPassesAsync(haproxy.HttpPort, haproxy.HttpsPort);
    }

    private async Task AssertPassesAsync(int plainPort, int port)
    {
        using var plain = ProxyFolder.Client(plainPort, "http");
        using var moved = await plain.GetAsync(new Uri("/x?y", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.MovedPermanently, $"https://{ProxyFolder.Host}/x?y"), (moved.StatusCode, moved.Headers.Location?.ToString()));

        using var http = ProxyFolder.Client(port);
        http.DefaultRequestHeaders.Authorization = new("Bearer", await registry.App.Tokens.OfAsync(TestTokens.Tenant));
        using var answer = await http.GetAsync(new Uri("/api/capabilities", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Single(answer.Headers.GetValues("X-Frame-Options"));
        using var denied = await http.GetAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);

        var statuses = new List<int>();
        for (var i = 0; i < 30; i++)
        {
            using var one = await http.GetAsync(new Uri("/api/capabilities", UriKind.Relative), TestContext.Current.CancellationToken);
            statuses.Add((int)one.StatusCode);
        }

        Assert.True(statuses.Contains(200), string.Join(' ', statuses));
        Assert.Equal(429, statuses[^1]);
        using var probe = await http.GetAsync(new Uri("/api/health", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
    }
}
