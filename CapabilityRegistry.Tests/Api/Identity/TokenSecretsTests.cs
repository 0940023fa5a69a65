using System.Text.Json;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CapabilityRegistry.Tests.Api.Identity;

/// <summary>What becomes of tokens when secrets, clients and tenants change, and what is told of failures.</summary>
public sealed class TokenSecretsTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private RegistryApp App => registry.App;

    [Fact]
    public async Task Why_a_secret_is_refused_is_not_told_apart()
    {
        var good = await Credentials.CreateAsync(App, "known");
        var revoked = await good.AnotherAsync(App);
        Assert.Equal(204, (await revoked.RevokeSecretAsync(App)).Status);
        var former = await Credentials.CreateAsync(App, "former");
        Assert.Equal(204, (await App.SendAsync(HttpMethod.Delete, "/api/clients/former")).Status);
        var suspended = await Credentials.CreateAsync(App, "known", "asleep");
        await Standing.SuspendAsync(App, "asleep");
        Credentials[] refused =
        [
            good with { Secret = "wrong" }, good with { Secret = good.Secret[..^1] + (good.Secret[^1] == 'A' ? 'E' : 'A') }, good with { Secret = good.Secret + "A" }, good with { Secret = former.Secret },
            good with { ClientId = "unknown" }, good with { Tenant = "unknown" }, good with { Tenant = "NO TENANT" }, good with { ClientId = "" }, good with { Secret = "" },
            revoked, former, suspended,
        ];
        var first = await refused[0].AskAsync(App);
        Assert.Equal((401, "application/problem+json", "AUTHENTICATION_ERROR"), (first.Status, first.ContentType, first.ErrorCode));
        Assert.NotEmpty(first.Headers.WwwAuthenticate);
        foreach (var other in refused)
        {
            var answer = await other.AskAsync(App);
            Assert.Equal(Comparable(first), Comparable(answer));
        }

        Assert.Equal(200, (await good.AskAsync(App)).Status);
    }

    [Fact]
    public async Task Success_and_failure_are_in_the_audit_with_the_request_and_the_time_of_use()
    {
        var client = await Credentials.CreateAsync(App, "audited");
        Assert.Null(await LastUsedAsync("audited"));
        await (client with { Secret = "wrong" }).AskAsync(App);
        Assert.Null(await LastUsedAsync("audited"));
        using var content = Credentials.Json(client.Tenant, client.ClientId, client.Secret);
        var answer = await Anonymous.SendAsync(App, HttpMethod.Post, "/api/auth/token", content, ("X-Request-ID", "the-login"));
        Assert.Equal(200, answer.Status);
        Assert.NotNull(await LastUsedAsync("audited"));

        var entries = (await App.GetAsync("/api/audit?actor=audited")).Json.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(["client.authenticated", "client.authentication_failed"], entries.Select(e => e.GetProperty("action").GetString()));
        Assert.Equal("the-login", entries[0].GetProperty("request_id").GetString());
        Assert.Equal("127.0.0.1", entries[0].GetProperty("actor_address").GetString());
        await (client with { ClientId = "nobody-of-that-name" }).AskAsync(App);
        Assert.Equal(0, (await App.GetAsync("/api/audit?actor=nobody-of-that-name")).Json.GetProperty("total_count").GetInt32());
    }

    [Fact]
    public async Task A_client_has_several_secrets_while_one_replaces_another()
    {
        var first = await Credentials.CreateAsync(App, "several");
        var second = await first.AnotherAsync(App);
        var (token, newer) = (await first.TokenAsync(App), await second.TokenAsync(App));
        Assert.Equal(200, (await Credentials.ReadAsync(App, token)).Status);

        Assert.Equal(204, (await first.RevokeSecretAsync(App)).Status);
        Refused.Check(await Credentials.ReadAsync(App, token));
        Assert.Equal(401, (await first.AskAsync(App)).Status);
        Assert.Equal(200, (await Credentials.ReadAsync(App, newer)).Status);
        Assert.Equal(200, (await second.AskAsync(App)).Status);
    }

    [Fact]
    public async Task A_secret_that_expires_gives_tokens_until_then_which_do_not_outlive_it()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var expires = clock.GetUtcNow().AddMinutes(40);
        var client = await Credentials.CreateAsync(app, "short-lived", more: $",\"secret_expires_at\":{JsonSerializer.Serialize(expires)}");
        Assert.Equal(1800, (await client.AskAsync(app)).Json.GetProperty("expires_in").GetInt32());
        clock.Advance(TimeSpan.FromMinutes(30));
        var last = await client.AskAsync(app);
        Assert.InRange(last.Json.GetProperty("expires_in").GetInt32(), 598, 600);
        Assert.Equal((await client.AskAsync(app)).Json.GetProperty("expires_in").GetInt32(), last.Json.GetProperty("expires_in").GetInt32());
        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(401, (await client.AskAsync(app)).Status);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("client")]
    [InlineData("tenant")]
    public async Task What_is_revoked_here_is_refused_here_at_once_and_elsewhere_within_ten_seconds(string what)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var other = await RegistryApp.StartAsync(registry.ConnectionString, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var tenant = $"revoked-{what}";
        var client = await Credentials.CreateAsync(App, "robot", tenant);
        var token = await client.TokenAsync(App);
        Assert.Equal((200, 200), ((await Credentials.ReadAsync(App, token)).Status, (await Credentials.ReadAsync(other, token)).Status));

        Assert.InRange(await RevokeAsync(what, client), 200, 204);
        Refused.Check(await Credentials.ReadAsync(App, token));
        Assert.Equal(401, (await client.AskAsync(other)).Status);
        Assert.Equal(200, (await Credentials.ReadAsync(other, token)).Status);
        clock.Advance(BelievedTokens.Recheck);
        Refused.Check(await Credentials.ReadAsync(other, token));
        Assert.Equal(TimeSpan.FromSeconds(10), BelievedTokens.Recheck);
    }

    [Fact]
    public async Task Roles_that_are_taken_away_are_gone_at_once()
    {
        var client = await Credentials.CreateAsync(App, "demoted", roles: "\"tenant_admin\"");
        var token = await client.TokenAsync(App);
        Assert.Equal(200, (await Anonymous.GetAsync(App, "/api/clients", ("Authorization", $"Bearer {token}"))).Status);
        Assert.Equal(200, (await App.SendAsync(HttpMethod.Patch, "/api/clients/demoted", """{"roles":["observer"],"scopes":["registry:read"]}""")).Status);
        Assert.Equal(403, (await Anonymous.GetAsync(App, "/api/clients", ("Authorization", $"Bearer {token}"))).Status);
        Assert.Equal(200, (await Credentials.ReadAsync(App, await client.TokenAsync(App))).Status);
    }

    [Fact]
    public async Task Logins_and_changes_of_a_client_at_once_all_succeed()
    {
        var client = await Credentials.CreateAsync(App, "busy");
        var logins = Enumerable.Range(0, 24).Select(_ => Task.Run(() => client.AskAsync(App)));
        var changes = Enumerable.Range(0, 24).Select(i => Task.Run(() => App.SendAsync(HttpMethod.Patch, "/api/clients/busy", $$"""{"name":"busy {{i}}"}""")));
        var (changed, loggedIn) = (Task.WhenAll(changes), await Task.WhenAll(logins));
        Assert.All(loggedIn, answer => Assert.True(answer.Status == 200, answer.Text));
        Assert.All(await changed, answer => Assert.True(answer.Status is 200 or 409, answer.Text));
    }

    private static string Comparable(Answer answer) =>
        $"{answer.Status} {string.Join(' ', answer.Headers.Where(h => h.Key is not ("Date" or "X-Request-ID")).Select(h => $"{h.Key}={string.Join(',', h.Value)}"))} {answer.Text.Replace(answer.Json.GetProperty("trace_id").GetString()!, "", StringComparison.Ordinal)}";

    private async Task<int> RevokeAsync(string what, Credentials client) => what switch
    {
        "secret" => (await client.RevokeSecretAsync(App)).Status,
        "client" => (await App.SendAsync(HttpMethod.Delete, $"/api/clients/{client.ClientId}", tenant: client.Tenant)).Status,
        _ => (await Anonymous.SendAsync(
            App, HttpMethod.Patch, $"/api/tenants/{client.Tenant}", new StringContent("""{"suspended":true}""", System.Text.Encoding.UTF8, "application/json"),
            ("Authorization", $"Bearer {await App.Tokens.OfAsync(TestTokens.Tenant, "registry_admin")}"))).Status,
    };

    private async Task<string?> LastUsedAsync(string client)
    {
        var (view, found) = ((await App.GetAsync($"/api/clients/{client}")).Json, new HashSet<string?>());
        found.Add(view.TryGetProperty("last_used_at", out var at) ? at.GetString() : null);
        found.Add(view.GetProperty("secrets")[0].TryGetProperty("last_used_at", out at) ? at.GetString() : null);
        return Assert.Single(found);
    }
}
