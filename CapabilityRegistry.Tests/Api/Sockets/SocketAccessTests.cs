using System.Globalization;
using System.Net;
using CapabilityRegistry.Tests.Api.Identity.Attacks;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Sockets;

/// <summary>Who gets a socket, and for how long.</summary>
public sealed class SocketAccessTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private const string Tenant = "socket-access";

    private RegistryApp App => registry.App;

    [Fact]
    public async Task Without_a_good_token_there_is_no_socket()
    {
        var good = await App.Tokens.OfAsync(Tenant);
        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.RefusedAsync(App, $"/api/ws/{Tenant}", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.RefusedAsync(App, $"/api/ws/{Tenant}", good[..^2]));
        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.RefusedAsync(App, $"/api/ws/{Tenant}", Expiring(good, -60)));
    }

    [Fact]
    public async Task A_token_in_the_address_is_refused_like_any_unknown_parameter()
    {
        var good = await App.Tokens.OfAsync(Tenant);
        foreach (var name in new[] { "token", "access_token", "authorization", "bearer" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.RefusedAsync(App, $"/api/ws/{Tenant}?{name}={good}", null));
            Assert.Equal(HttpStatusCode.BadRequest, await SocketClient.RefusedAsync(App, $"/api/ws/{Tenant}?{name}={good}", good));
        }
    }

    [Fact]
    public async Task A_browser_brings_its_token_as_a_subprotocol_and_does_not_get_it_back()
    {
        var token = await App.Tokens.OfAsync(Tenant);
        await using var client = await SocketClient.OpenAsync(App, $"/api/ws/{Tenant}", null, options =>
        {
            options.AddSubProtocol("registry.v1");
            options.AddSubProtocol($"bearer.{token}");
        });
        Assert.Equal("registry.v1", client.SubProtocol);
        Assert.Equal(HttpStatusCode.BadRequest, await SocketClient.RefusedAsync(App, $"/api/ws/{Tenant}", null, options => options.AddSubProtocol($"bearer.{token}")));
        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.RefusedAsync(App, $"/api/ws/{Tenant}", token, options => options.AddSubProtocol($"bearer.{token}")));
        Assert.Equal(401, (await Plain("/api/capabilities", ("Sec-WebSocket-Protocol", $"registry.v1, bearer.{token}"))).Status);
    }

    [Fact]
    public async Task Another_tenant_is_the_same_as_one_that_never_was()
    {
        var stranger = await App.Tokens.OfAsync("socket-stranger");
        await App.Tokens.OfAsync(Tenant);
        foreach (var path in new[] { $"/api/ws/{Tenant}", "/api/ws/never-was" })
        {
            Assert.Equal(HttpStatusCode.NotFound, await SocketClient.RefusedAsync(App, path, stranger));
        }

        var (hidden, never) = (await Plain($"/api/ws/{Tenant}", ("Authorization", $"Bearer {stranger}")), await Plain("/api/ws/never-was", ("Authorization", $"Bearer {stranger}")));
        Assert.Equal(Without(hidden, Tenant), Without(never, "never-was"));
        Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.RefusedAsync(App, $"/api/ws/{Tenant}", stranger, options => options.SetRequestHeader("X-Tenant-ID", Tenant)));
    }

    [Fact]
    public async Task A_request_that_is_no_handshake_is_told_what_to_do()
    {
        var answer = await App.GetAsync($"/api/ws/{TestTokens.Tenant}");
        Assert.Equal((426, "VALIDATION_ERROR"), (answer.Status, answer.ErrorCode));
        Assert.Contains(answer.Headers, h => h.Key == "Upgrade");
    }

    [Fact]
    public async Task Pages_of_other_origins_connect_only_where_the_settings_say_so()
    {
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Cors:Origins:0"] = "https://portal.example.com" });
        var token = await app.Tokens.OfAsync(Tenant);
        Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.RefusedAsync(app, $"/api/ws/{Tenant}", token, options => options.SetRequestHeader("Origin", "https://evil.example.com")));
        foreach (var origin in new[] { "https://portal.example.com", app.Http.BaseAddress!.GetLeftPart(UriPartial.Authority) })
        {
            await using var client = await SocketClient.OpenAsync(app, $"/api/ws/{Tenant}", token, options => options.SetRequestHeader("Origin", origin));
        }
    }

    [Fact]
    public async Task A_handshake_counts_as_a_request()
    {
        await using var app = await RegistryApp.StartAsync(
            registry.ConnectionString, settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["RateLimit:Enabled"] = "true", ["RateLimit:Burst"] = "1", ["RateLimit:RequestsPerMinute"] = "1" });
        var token = await app.Tokens.OfAsync("socket-limit");
        await using var client = await SocketClient.OpenAsync(app, "/api/ws/socket-limit", token);
        Assert.Equal(HttpStatusCode.TooManyRequests, await SocketClient.RefusedAsync(app, "/api/ws/socket-limit", token));
    }

    [Fact]
    public async Task A_socket_ends_with_its_token()
    {
        await using var client = await SocketClient.OpenAsync(App, $"/api/ws/{Tenant}", Expiring(await App.Tokens.OfAsync(Tenant), 3));
        Assert.Equal(4401, await client.CloseAsync());
    }

    [Fact]
    public async Task A_socket_ends_when_its_client_is_revoked_in_whatever_process()
    {
        await using var other = await RegistryApp.StartAsync(registry.ConnectionString);
        foreach (var app in new[] { App, other })
        {
            await App.Tokens.OfAsync(Tenant);
            var name = $"revoked-{(app == App ? "here" : "there")}";
            var created = await App.PostAsync("/api/clients", $$"""{"client_id":"{{name}}","roles":["observer"]}""", Tenant);
            var secret = created.Json.GetProperty("client_secret").GetString();
            var token = (await App.PostAsync("/api/auth/token", $$"""{"tenant_id":"{{Tenant}}","client_id":"{{name}}","client_secret":"{{secret}}"}""")).Json.GetProperty("access_token").GetString();
            await using var client = await SocketClient.OpenAsync(app, $"/api/ws/{Tenant}", token);
            await using var bystander = await SocketClient.ConnectAsync(app, Tenant);
            Assert.Equal(204, (await App.SendAsync(HttpMethod.Delete, $"/api/clients/{name}", tenant: Tenant)).Status);
            Assert.Equal(4401, await client.CloseAsync());
            await bystander.SendAsync("""{"type":"ping"}""");
            await bystander.NextAsync("pong");
        }
    }

    private static string Expiring(string token, int seconds) => new Forge(token, TestTokens.SigningKey, "", "", new("http://127.0.0.1"))
        .With("exp", TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    private static string Without(Answer answer, string tenant) =>
        answer.Text.Replace(answer.Json.GetProperty("trace_id").GetString()!, "", StringComparison.Ordinal).Replace(tenant, "", StringComparison.Ordinal);

    private async Task<Answer> Plain(string path, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = App.Http.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.OfAsync(response);
    }
}
