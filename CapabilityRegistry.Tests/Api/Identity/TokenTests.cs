using System.Text;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Identity;

/// <summary>Getting a token, as JSON and as OAuth 2.0 (RFC 6749, section 4.4).</summary>
public sealed class TokenTests(TokenTests.Robot robot) : IClassFixture<TokenTests.Robot>
{
    private const string Url = "/api/auth/token";

    private RegistryApp App => robot.App;

    [Fact]
    public async Task A_secret_gives_a_token_that_works_and_is_not_to_be_stored()
    {
        var answer = await robot.Client.AskAsync(App);
        Assert.Equal(200, answer.Status);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Equal(["access_token", "token_type", "expires_in", "scope"], answer.Json.EnumerateObject().Select(m => m.Name));
        Assert.Equal("bearer", answer.Json.GetProperty("token_type").GetString());
        Assert.Equal(1800, answer.Json.GetProperty("expires_in").GetInt32());
        Assert.Equal("registry:read registry:write", answer.Json.GetProperty("scope").GetString());
        Assert.Equal(200, (await Credentials.ReadAsync(App, answer.Json.GetProperty("access_token").GetString()!)).Status);
    }

    [Theory]
    [InlineData("tests", "robot", null)]
    [InlineData(null, "tests/robot", null)]
    [InlineData(null, null, "tests/robot:{0}")]
    [InlineData(null, null, "tests%2Frobot:{0}")]
    [InlineData("tests", null, "robot:{0}")]
    [InlineData("tests", "robot", "robot:{0}")]
    public async Task The_form_of_OAuth_gives_one_too(string? tenant, string? client, string? basic)
    {
        var answer = await FormAsync(
            [("grant_type", "client_credentials"), ("tenant_id", tenant), ("client_id", client), ("client_secret", basic is null ? robot.Client.Secret : null)],
            basic?.Replace("{0}", robot.Client.Secret, StringComparison.Ordinal));
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Equal(200, (await Credentials.ReadAsync(App, answer.Json.GetProperty("access_token").GetString()!)).Status);
    }

    [Theory]
    [InlineData("registry:read", "registry:read")]
    [InlineData("registry:write registry:read", "registry:write registry:read")]
    [InlineData(" registry:read  registry:read ", "registry:read")]
    [InlineData("registry:read registry:admin", "registry:read")]
    public async Task A_token_can_be_narrowed_and_never_widened(string asked, string given)
    {
        Assert.Equal(given, (await robot.Client.AskAsync(App, asked)).Json.GetProperty("scope").GetString());
        Assert.Equal(given, (await FormAsync([.. Whole, ("scope", asked)])).Json.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task A_narrow_token_cannot_write()
    {
        var token = (await robot.Client.AskAsync(App, "registry:read")).Json.GetProperty("access_token").GetString()!;
        Assert.Equal(200, (await Credentials.ReadAsync(App, token)).Status);
        using var manifest = new StringContent(Sample.Manifest("narrow"), Encoding.UTF8, "application/json");
        var answer = await Anonymous.SendAsync(App, HttpMethod.Post, "/api/capabilities", manifest, ("Authorization", $"Bearer {token}"));
        Assert.Equal((403, "AUTHORIZATION_ERROR"), (answer.Status, answer.ErrorCode));
        Assert.Contains("registry:write", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_of_a_form_without_a_value_is_as_if_it_were_not_there()
    {
        Assert.Equal("registry:read registry:write", (await FormAsync([.. Whole, ("scope", "")])).Json.GetProperty("scope").GetString());
        Assert.Equal(200, (await FormAsync([("tenant_id", ""), ("grant_type", "client_credentials"), ("client_id", "tests/robot"), ("client_secret", robot.Client.Secret)])).Status);
    }

    [Theory]
    [InlineData("grant_type=password&tenant_id=tests&client_id=robot&client_secret=x", 400, "unsupported_grant_type")]
    [InlineData("grant_type=CLIENT_CREDENTIALS&tenant_id=tests&client_id=robot&client_secret=x", 400, "unsupported_grant_type")]
    [InlineData("tenant_id=tests&client_id=robot&client_secret=x", 400, "unsupported_grant_type")]
    [InlineData("", 400, "unsupported_grant_type")]
    [InlineData("grant_type=client_credentials&grant_type=client_credentials&tenant_id=tests&client_id=robot&client_secret=x", 400, "invalid_request")]
    [InlineData("grant_type=client_credentials&tenant_id=tests&client_id=robot&client_id=other&client_secret=x", 400, "invalid_request")]
    [InlineData("grant_type=client_credentials&tenant_id=tests&client_id=robot&client_secret=x&client_secret=y", 400, "invalid_request")]
    [InlineData("grant_type=client_credentials&tenant_id=tests&client_id=robot&client_secret=x&tennant=y", 400, "invalid_request")]
    [InlineData("grant_type=client_credentials&tenant_id=tests&client_id=robot", 400, "invalid_request")]
    [InlineData("grant_type=client_credentials&client_id=robot&client_secret=x", 400, "invalid_request")]
    [InlineData("grant_type=client_credentials&tenant_id=tests&client_secret=x", 400, "invalid_request")]
    [InlineData("grant_type=client_credentials&tenant_id=tests&client_id=robot&client_secret=x&scope=registry:everything", 400, "invalid_scope")]
    [InlineData("grant_type=client_credentials&tenant_id=tests&client_id=robot&client_secret=x", 401, "invalid_client")]
    [InlineData("grant_type=client_credentials&tenant_id=tests&client_id=robot&client_secret=%ff", 401, "invalid_client")]
    [InlineData("grant_type=client_credentials&tenant_id=TESTS&client_id=robot&client_secret=x", 401, "invalid_client")]
    [InlineData("grant_type=client_credentials&tenant_id=tests&client_id=robot%00&client_secret=x", 400, "invalid_request")]
    public async Task Refusals_of_a_form_carry_the_codes_of_OAuth(string form, int status, string error)
    {
        using var content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");
        var answer = await Anonymous.SendAsync(App, HttpMethod.Post, Url, content);
        Assert.Equal((status, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.Equal(error, answer.Json.GetProperty("error").GetString());
        Assert.False(string.IsNullOrEmpty(answer.Json.GetProperty("error_description").GetString()));
        Assert.Equal(status == 401 ? ["Basic"] : [], answer.Headers.WwwAuthenticate.Select(c => c.Scheme));
    }

    [Fact]
    public async Task A_scope_that_the_client_does_not_have_is_an_invalid_scope()
    {
        var answer = await FormAsync([.. Whole, ("scope", "registry:admin")]);
        Assert.Equal((400, "invalid_scope"), (answer.Status, answer.Json.GetProperty("error").GetString()));
        answer = await robot.Client.AskAsync(App, "registry:admin");
        Assert.Equal((400, "/scope"), (answer.Status, Assert.Single(answer.ErrorPointers)));
        Assert.False(answer.Json.TryGetProperty("error", out _));
    }

    [Theory]
    [InlineData("no-base64!")]
    [InlineData("bm9jb2xvbg==")]
    [InlineData("")]
    public async Task Basic_authentication_that_is_none_is_refused(string credentials)
    {
        using var form = Credentials.Form(("grant_type", "client_credentials"), ("tenant_id", "tests"));
        var answer = await Anonymous.SendAsync(App, HttpMethod.Post, Url, form, ("Authorization", $"Basic {credentials}"));
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Json.GetProperty("error").GetString()));
    }

    /// <summary>RFC 6749, section 2.3: one method of authentication in a request.</summary>
    [Fact]
    public async Task A_secret_in_the_form_and_in_Basic_authentication_is_refused()
    {
        var answer = await FormAsync(Whole, $"robot:{robot.Client.Secret}");
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Json.GetProperty("error").GetString()));
        answer = await FormAsync([("grant_type", "client_credentials"), ("tenant_id", "tests"), ("client_id", "other")], $"robot:{robot.Client.Secret}");
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Json.GetProperty("error").GetString()));
    }

    [Theory]
    [InlineData("""{"tenant_id":"tests","client_id":"robot","client_secret":"x","extra":1}""", "/extra")]
    [InlineData("""{"tenant_id":"tests","client_id":"robot","client_secret":"x","client_secret":"y"}""", "")]
    [InlineData("""{"tenant_id":"tests","client_id":"robot"}""", "/client_secret")]
    [InlineData("""{"tenant_id":null,"client_id":"robot","client_secret":"x"}""", "/tenant_id")]
    [InlineData("""{"tenant_id":["tests"],"client_id":"robot","client_secret":"x"}""", "/tenant_id")]
    [InlineData("""{"tenant_id":"tests","client_id":"robot","client_secret":"x","scope":"registry:wrte"}""", "/scope")]
    [InlineData("""{"tenant_id":"tests","client_id":"robot","client_secret":"\ud800"}""", "/client_secret")]
    [InlineData("""{""", "")]
    public async Task A_body_of_JSON_is_read_strictly(string json, string pointer)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        var answer = await Anonymous.SendAsync(App, HttpMethod.Post, Url, content);
        Assert.Equal((400, "VALIDATION_ERROR"), (answer.Status, answer.ErrorCode));
        Assert.Equal(pointer, Assert.Single(answer.ErrorPointers));
    }

    [Fact]
    public async Task Texts_that_are_too_long_are_not_even_hashed()
    {
        var answer = await (robot.Client with { Secret = new string('s', 513) }).AskAsync(App);
        Assert.Equal((400, "/client_secret"), (answer.Status, Assert.Single(answer.ErrorPointers)));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/xml")]
    public async Task Other_media_types_are_415(string type)
    {
        using var content = new ByteArrayContent("x"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        Assert.Equal(415, (await Anonymous.SendAsync(App, HttpMethod.Post, Url, content)).Status);
    }

    private (string, string?)[] Whole => [("grant_type", "client_credentials"), ("tenant_id", "tests"), ("client_id", "robot"), ("client_secret", robot.Client.Secret)];

    private async Task<Answer> FormAsync((string Name, string? Value)[] fields, string? basic = null)
    {
        using var form = Credentials.Form([.. fields.Where(f => f.Value is not null).Select(f => (f.Name, f.Value!))]);
        (string, string)[] headers = basic is null ? [] : [("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(basic))}")];
        return await Anonymous.SendAsync(App, HttpMethod.Post, Url, form, headers);
    }

    /// <summary>A registry with a client that has a secret.</summary>
    public sealed class Robot(DatabaseServer server) : IAsyncLifetime
    {
        public RegistryApp App { get; private set; } = null!;

        internal Credentials Client { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            App = await RegistryApp.StartAsync(await server.CreateDatabaseAsync());
            Client = await Credentials.CreateAsync(App, "robot");
        }

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
