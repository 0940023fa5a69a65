using System.Net;
using System.Net.Sockets;
using CapabilityRegistry.Tests.Api.Identity.Attacks;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Identity;

/// <summary>Tokens of forgers, and tokens with the right signature that are not ours all the same. The attacks are made by hand (<see cref="Jws"/>).</summary>
public sealed class JwtAttackTests(JwtAttackTests.Target target) : IClassFixture<JwtAttackTests.Target>
{
    private static readonly Dictionary<string, Attack> Attacks =
        SignatureAttacks.All.Concat(HeaderAttacks.All).Concat(ClaimAttacks.All).Concat(FormAttacks.All).ToDictionary(a => a.Name, StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. Attacks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_token_is_refused(string attack)
    {
        var token = Attacks[attack].Make(target.Forge);
        Assert.NotEqual(target.Forge.Good, token);
        var answer = await target.SendAsync(("Authorization", $"Bearer {token}"));
        Refused.Check(answer);
        Assert.False(answer.Headers.Contains("X-Injected"));
        Assert.True(token.Length < 20 || !answer.Text.Contains(token, StringComparison.Ordinal), "The answer repeats the token.");
        Assert.False(target.WasCalled, "The registry called the address in the token.");
    }

    [Fact]
    public void There_are_many_attacks() => Assert.True(Attacks.Count >= 250, $"{Attacks.Count} attacks");

    [Fact]
    public async Task The_token_that_the_attacks_are_made_of_is_good()
    {
        Assert.Equal(200, (await target.SendAsync(("Authorization", $"Bearer {target.Forge.Good}"))).Status);
        Assert.Equal(200, (await target.SendAsync(("Authorization", $"Bearer {target.Forge.Signed()}"))).Status);
        Assert.Equal(200, (await target.SendAsync(("Authorization", $"Bearer {target.Forge.With("more", "{\"a\":[1,null,\"x\"]}")}"))).Status);
        Assert.Equal(200, (await target.SendAsync(("Authorization", $"Bearer {target.Forge.With("aud", "[\"another\",\"capability-registry\"]")}"))).Status);
        Assert.Equal(200, (await target.SendAsync(("Authorization", $"Bearer {target.Forge.Signed(Jws.Hmac256(target.Forge.PreviousKey), target.Forge.Header(("kid", $"\"{target.Forge.PreviousKid}\"")))}"))).Status);
    }

    [Theory]
    [InlineData("bearer {0}", 200)]
    [InlineData("BEARER {0}", 200)]
    [InlineData("Bearer   {0}  ", 200)]
    [InlineData("Bearer\t{0}", 401)]
    [InlineData("Bearer{0}", 401)]
    [InlineData("Bearer: {0}", 401)]
    [InlineData("Bearer Bearer {0}", 401)]
    [InlineData("Bearer token={0}", 401)]
    [InlineData("Bearer", 401)]
    [InlineData("Token {0}", 401)]
    [InlineData("DPoP {0}", 401)]
    [InlineData("Basic {0}", 401)]
    [InlineData("{0}", 401)]
    [InlineData("", 401)]
    public async Task The_scheme_is_Bearer_in_any_letters_and_blanks(string header, int status)
    {
        var answer = await target.SendAsync(("Authorization", string.Format(System.Globalization.CultureInfo.InvariantCulture, header, target.Forge.Good)));
        Assert.Equal(status, answer.Status);
        if (status != 200)
        {
            Refused.Check(answer);
        }
    }

    [Fact]
    public async Task A_request_without_a_token_is_refused() => Refused.Check(await target.SendAsync());

    [Theory]
    [InlineData("Bearer {0}", "Bearer {0}")]
    [InlineData("Bearer {0}", "Bearer x")]
    [InlineData("Bearer x", "Bearer {0}")]
    [InlineData("Basic eDp5", "Bearer {0}")]
    [InlineData("Bearer {0}", "Basic eDp5")]
    [InlineData("", "Bearer {0}")]
    public async Task Several_authorization_headers_are_refused(string first, string second)
    {
        var lines = new[] { first, second }.Select(header => $"Authorization: {header.Replace("{0}", target.Forge.Good, StringComparison.Ordinal)}");
        var answer = await RawHttp.GetAsync(target.App.Http.BaseAddress!, "/api/capabilities", [.. lines]);
        Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
        Assert.Contains("AUTHENTICATION_ERROR", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("access_token")]
    [InlineData("token")]
    [InlineData("bearer_token")]
    [InlineData("Authorization")]
    public async Task A_token_in_the_address_a_cookie_or_a_form_is_not_looked_at(string name)
    {
        Refused.Check(await target.SendAsync($"/api/capabilities?{name}={target.Forge.Good}"));
        Refused.Check(await target.SendAsync(("Cookie", $"{name}={target.Forge.Good}")));
        Refused.Check(await target.SendAsync(($"X-{name.Replace('_', '-')}", target.Forge.Good)));
    }

    [Theory]
    [InlineData("roles", "[\"registry_admin\"]", "/api/tenants")]
    [InlineData("roles", "[\"tenant_admin\",\"registry_admin\"]", "/api/tenants")]
    [InlineData("roles", "[]", "/api/capabilities")]
    [InlineData("roles", "[\"Tenant_Admin\"]", "/api/capabilities")]
    [InlineData("roles", "[\"*\"]", "/api/capabilities")]
    [InlineData("scope", "\"\"", "/api/capabilities")]
    [InlineData("scope", "\"registry:write\"", "/api/capabilities")]
    [InlineData("scope", "\"REGISTRY:READ\"", "/api/capabilities")]
    [InlineData("scope", "\"registry:read,registry:admin\"", "/api/capabilities")]
    public async Task What_a_token_says_beyond_the_clients_standing_gives_nothing(string claim, string raw, string path)
    {
        var answer = await target.SendAsync(path, ("Authorization", $"Bearer {target.Forge.With(claim, raw)}"));
        Assert.Equal((403, "AUTHORIZATION_ERROR"), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task A_scope_that_the_client_does_not_have_is_taken_away()
    {
        var observer = Jws.MembersOf(Jws.Decode((await target.App.Tokens.OfAsync(TestTokens.Tenant, "observer")).Split('.')[1]));
        var claims = observer.Where(m => m.Name is not ("scope" or "roles")).Append(("scope", "\"registry:read registry:write registry:admin\"")).Append(("roles", "[\"observer\",\"tenant_admin\"]"));
        var token = target.Forge.Signed(payload: Jws.Object(claims));
        Assert.Equal(200, (await target.SendAsync(("Authorization", $"Bearer {token}"))).Status);
        Assert.Equal(403, (await target.SendAsync("/api/clients", ("Authorization", $"Bearer {token}"))).Status);
        Assert.Equal(403, (await target.SendAsync("/api/audit", ("Authorization", $"Bearer {token}"))).Status);
    }

    /// <summary>The registry that is attacked, with a present and a previous key, and an address that nobody may call.</summary>
    public sealed class Target(DatabaseServer server) : IAsyncLifetime
    {
        private const string PreviousKey = "the previous signing key, 32 bytes and more";

        private readonly TcpListener _trap = new(IPAddress.Loopback, 0);

        public RegistryApp App { get; private set; } = null!;

        internal Forge Forge { get; private set; } = null!;

        public bool WasCalled => _trap.Pending();

        public async ValueTask InitializeAsync()
        {
            _trap.Start();
            var database = await server.CreateDatabaseAsync();
            await using (var before = await RegistryApp.StartAsync(database, settings: Settings.Of(("Auth:SigningKey", PreviousKey))))
            {
                var old = await before.Tokens.OfAsync(TestTokens.Tenant);
                App = await RegistryApp.StartAsync(database, settings: Settings.Of(("Auth:PreviousSigningKey", PreviousKey)));
                await App.Tokens.OfAsync("others", "observer");
                await App.Tokens.OfAsync("suspended");
                await Standing.SuspendAsync(App, "suspended");
                Forge = new(await App.Tokens.OfAsync(TestTokens.Tenant), TestTokens.SigningKey, PreviousKey, KidOf(old), new($"http://127.0.0.1:{((IPEndPoint)_trap.LocalEndpoint).Port}/"));
            }
        }

        public async ValueTask DisposeAsync()
        {
            await App.DisposeAsync();
            _trap.Dispose();
        }

        internal Task<Answer> SendAsync(params (string Name, string Value)[] headers) => SendAsync("/api/capabilities", headers);

        internal Task<Answer> SendAsync(string path, params (string Name, string Value)[] headers) => Anonymous.GetAsync(App, path, headers);

        private static string KidOf(string token) => Jws.MembersOf(Jws.Decode(token.Split('.')[0])).Single(m => m.Name == "kid").Raw.Trim('"');
    }
}
