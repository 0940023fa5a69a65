using System.Text;
using CapabilityRegistry.Tests.Api.Identity.Attacks;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Identity;

/// <summary>Tokens of an external OpenID Connect issuer instead of our own.</summary>
public sealed class ExternalIssuerTests(ExternalIssuerTests.Federation federation) : IClassFixture<ExternalIssuerTests.Federation>
{
    /// <summary>What the issuer's public RSA key can be taken for, as a text or as bytes.</summary>
    private static readonly Dictionary<string, Func<OpenIdIssuer, byte[]>> PublicKeys = new(StringComparer.Ordinal)
    {
        ["PEM"] = i => Encoding.UTF8.GetBytes(i.Rsa.ExportSubjectPublicKeyInfoPem()),
        ["PEM with a line end"] = i => Encoding.UTF8.GetBytes(i.Rsa.ExportSubjectPublicKeyInfoPem() + "\n"),
        ["PKCS 1 PEM"] = i => Encoding.UTF8.GetBytes(i.Rsa.ExportRSAPublicKeyPem()),
        ["DER"] = i => i.Rsa.ExportSubjectPublicKeyInfo(),
        ["PKCS 1 DER"] = i => i.Rsa.ExportRSAPublicKey(),
        ["modulus"] = i => i.Rsa.ExportParameters(includePrivateParameters: false).Modulus!,
        ["modulus as text"] = i => Encoding.UTF8.GetBytes(Jws.Encode(i.Rsa.ExportParameters(includePrivateParameters: false).Modulus)),
        ["EC PEM"] = i => Encoding.UTF8.GetBytes(i.Ec.ExportSubjectPublicKeyInfoPem()),
        ["our own signing key"] = _ => Encoding.UTF8.GetBytes(TestTokens.SigningKey),
    };

    public static TheoryData<string> PublicKeyNames => [.. PublicKeys.Keys];

    [Fact]
    public async Task Tokens_that_the_issuer_signed_are_good()
    {
        Assert.Equal(200, (await SendAsync(federation.Issuer.Token())).Status);
        Assert.Equal(200, (await SendAsync(federation.Issuer.EcToken())).Status);
    }

    [Fact]
    public async Task Tenant_client_and_roles_are_those_of_the_claims()
    {
        var code = "external";
        var created = await SendAsync(federation.Issuer.Token(), HttpMethod.Post, "/api/capabilities", Sample.Manifest(code));
        Assert.Equal(201, created.Status);
        var entries = await SendAsync(federation.Issuer.Token(("roles", "[\"tenant_admin\"]")), HttpMethod.Get, "/api/audit?actor=portal");
        Assert.Equal(code, entries.Json.GetProperty("items")[0].GetProperty("resource_id").GetString()!.Split('@')[0]);
        Assert.Equal(200, (await SendAsync(federation.Issuer.Token(), HttpMethod.Get, $"/api/capabilities/{code}")).Status);
        Assert.Equal(404, (await SendAsync(federation.Issuer.Token(("tenant_id", "\"others\"")), HttpMethod.Get, $"/api/capabilities/{code}")).Status);
    }

    [Theory]
    [InlineData("\"observer\"", 200, 403, 403)]
    [InlineData("[\"observer\",\"unknown_role\"]", 200, 403, 403)]
    [InlineData("[\"capability_developer\"]", 200, 400, 403)]
    [InlineData("[\"tenant_admin\"]", 200, 400, 200)]
    [InlineData("[]", 403, 403, 403)]
    [InlineData("[1,{}]", 403, 403, 403)]
    [InlineData("{\"tenant_admin\":true}", 403, 403, 403)]
    [InlineData("[\"unknown_role\"]", 403, 403, 403)]
    [InlineData(null, 403, 403, 403)]
    public async Task Roles_of_the_issuer_give_what_ours_give(string? roles, int read, int write, int administer)
    {
        var token = federation.Issuer.Token(("roles", roles));
        Assert.Equal(read, (await SendAsync(token)).Status);
        Assert.Equal(write, (await SendAsync(token, HttpMethod.Post, "/api/capabilities", "{}")).Status);
        Assert.Equal(administer, (await SendAsync(token, HttpMethod.Get, "/api/clients")).Status);
    }

    [Theory]
    [InlineData("scope", "\"registry:read\"", 403)]
    [InlineData("scope", "\"openid registry:read profile\"", 403)]
    [InlineData("scp", "[\"registry:read\"]", 403)]
    [InlineData("scp", "\"registry:read registry:write\"", 400)]
    [InlineData("scope", "\"openid profile\"", 400)]
    public async Task Scopes_of_ours_narrow_the_token_and_others_do_not(string claim, string raw, int write)
    {
        var token = federation.Issuer.Token((claim, raw));
        Assert.Equal(200, (await SendAsync(token)).Status);
        Assert.Equal(write, (await SendAsync(token, HttpMethod.Post, "/api/capabilities", "{}")).Status);
    }

    [Theory]
    [InlineData("tenant_id", "\"nobody\"")]
    [InlineData("tenant_id", "\"suspended\"")]
    [InlineData("tenant_id", "[\"tests\",\"others\"]")]
    [InlineData("tenant_id", "7")]
    [InlineData("tenant_id", null)]
    [InlineData("iss", "\"https://issuer.example\"")]
    [InlineData("iss", "\"capability-registry\"")]
    [InlineData("iss", null)]
    [InlineData("aud", "\"another\"")]
    [InlineData("aud", null)]
    [InlineData("exp", "1")]
    [InlineData("exp", null)]
    [InlineData("nbf", "253402300799")]
    [InlineData("azp", "\"a\\u0000b\"")]
    public async Task Claims_that_do_not_fit_are_refused(string claim, string? raw) => Refused.Check(await SendAsync(federation.Issuer.Token((claim, raw))));

    [Theory]
    [MemberData(nameof(PublicKeyNames))]
    public async Task A_public_key_is_never_taken_for_a_secret_one(string form)
    {
        foreach (var kid in new[] { "rsa-1", "ec-1" })
        {
            Refused.Check(await SendAsync(federation.Issuer.Forged("HS256", kid, Jws.Hmac256(PublicKeys[form](federation.Issuer)))));
        }
    }

    [Fact]
    public async Task A_key_serves_its_own_algorithm_and_kid_only()
    {
        var issuer = federation.Issuer;
        Refused.Check(await SendAsync(issuer.Forged("ES256", "rsa-1", Jws.Rsa256(issuer.Rsa))));
        Refused.Check(await SendAsync(issuer.Forged("RS256", "ec-1", Jws.Ec256(issuer.Ec))));
        Refused.Check(await SendAsync(issuer.Forged("ES256", "rsa-1", Jws.Ec256(Forge.Ec))));
        Refused.Check(await SendAsync(issuer.Forged("RS256", "rsa-1", Jws.Rsa256(Forge.Rsa))));
        Refused.Check(await SendAsync(issuer.Forged("RS256", "unknown", Jws.Rsa256(Forge.Rsa))));
        Refused.Check(await SendAsync(issuer.Forged("none", "rsa-1", _ => [])));
    }

    [Fact]
    public async Task Our_own_tokens_are_neither_given_nor_taken()
    {
        Refused.Check(await SendAsync(await federation.App.Tokens.OfAsync(TestTokens.Tenant)));
        var answer = await federation.App.PostAsync("/api/auth/token", """{"tenant_id":"tests","client_id":"tests","client_secret":"whatever it may be"}""");
        Assert.Equal((404, "RESOURCE_NOT_FOUND"), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task Claims_can_have_other_names()
    {
        await using var app = await RegistryApp.StartAsync(
            federation.Database,
            settings: Settings.Of(("Auth:Authority", federation.Issuer.Address), ("Auth:TenantClaim", "https://claims.example/tenant"), ("Auth:RolesClaim", "groups"), ("Auth:Audience", "api://registry")),
            environment: "Development");
        var token = federation.Issuer.Token(("https://claims.example/tenant", "\"tests\""), ("groups", "[\"observer\"]"), ("aud", "[\"api://registry\"]"), ("tenant_id", null), ("roles", "[\"tenant_admin\"]"));
        Assert.Equal(200, (await Anonymous.GetAsync(app, "/api/capabilities", ("Authorization", $"Bearer {token}"))).Status);
        Assert.Equal(403, (await Anonymous.GetAsync(app, "/api/clients", ("Authorization", $"Bearer {token}"))).Status);
        Refused.Check(await Anonymous.GetAsync(app, "/api/capabilities", ("Authorization", $"Bearer {federation.Issuer.Token()}")));
    }

    [Fact]
    public async Task While_the_issuer_is_away_tokens_are_503_not_401()
    {
        await using var issuer = await OpenIdIssuer.StartAsync();
        var (address, token) = (issuer.Address, issuer.Token());
        await issuer.DisposeAsync();
        await using var app = await RegistryApp.StartAsync(federation.Database, settings: Settings.Of(("Auth:Authority", address)), environment: "Development");
        var answer = await Anonymous.GetAsync(app, "/api/capabilities", ("Authorization", $"Bearer {token}"));
        Assert.Equal((503, "UNAVAILABLE"), (answer.Status, answer.ErrorCode));
        Refused.Check(await Anonymous.GetAsync(app, "/api/capabilities", ("Authorization", "Bearer x")));
        Refused.Check(await Anonymous.GetAsync(app, "/api/capabilities"));
    }

    private Task<Answer> SendAsync(string token, HttpMethod? method = null, string path = "/api/capabilities", string? json = null) => Anonymous.SendAsync(
        federation.App, method ?? HttpMethod.Get, path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"), ("Authorization", $"Bearer {token}"));

    /// <summary>An issuer and a registry that believes it.</summary>
    public sealed class Federation(DatabaseServer server) : IAsyncLifetime
    {
        public RegistryApp App { get; private set; } = null!;

        public string Database { get; private set; } = "";

        internal OpenIdIssuer Issuer { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Database = await server.CreateDatabaseAsync();
            Issuer = await OpenIdIssuer.StartAsync();
            App = await RegistryApp.StartAsync(Database, settings: Settings.Of(("Auth:Authority", Issuer.Address)), environment: "Development");
            await App.Tokens.OfAsync("others");
            await App.Tokens.OfAsync("suspended");
            await Standing.SuspendAsync(App, "suspended");
        }

        public async ValueTask DisposeAsync()
        {
            await App.DisposeAsync();
            await Issuer.DisposeAsync();
        }
    }
}
