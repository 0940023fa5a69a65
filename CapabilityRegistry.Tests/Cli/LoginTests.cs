using System.Text.Json;

namespace CapabilityRegistry.Tests.Cli;

/// <summary>Logging in and out, and asking who one is.</summary>
public sealed class LoginTests : LoginTestBase
{
    [Fact]
    public async Task A_login_is_proven_and_kept_for_the_commands_that_follow()
    {
        await LogInAsync("--tenant", "acme");
        Assert.Equal(["POST /api/auth/token", "GET /api/capabilities"], Registry.Requests);
        Assert.Contains(Registry.Secret, Stored(), StringComparison.Ordinal);

        await Cli.SucceedAsync("search", "x");
        await Cli.SucceedAsync("search", "x", "--tenant", "acme");
        Assert.Equal(1, Registry.TokensAskedFor);
        Assert.All(Registry.Tenants, tenant => Assert.Equal("acme", tenant));
    }

    [Fact]
    public async Task Credentials_that_the_registry_refuses_are_5_and_are_not_kept()
    {
        Cli.Guard("wrong one");
        Cli.Input = "wrong one";
        var run = await Cli.RunAsync("login", "--client-id", "robot");
        Assert.Equal(5, run.ExitCode);
        Assert.Contains("does not accept client 'robot' of tenant 'default'", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Cli.StoreFile));
    }

    [Fact]
    public async Task Without_a_login_a_command_is_5_and_says_what_to_run()
    {
        var run = await Cli.RunAsync("search", "x");
        Assert.Equal(5, run.ExitCode);
        Assert.Contains($"registry login --url {Registry.Url} --client-id ID", run.Error, StringComparison.Ordinal);
        Assert.Empty(Registry.Requests);
    }

    [Fact]
    public async Task A_ready_token_comes_from_standard_input_with_the_tenant_that_it_is_for()
    {
        var token = Registry.Issue("acme");
        Cli.Guard(token).Input = token + "\n";
        await Cli.SucceedAsync("login", "--token");
        await Cli.SucceedAsync("search", "x", "--tenant", "acme");
        Assert.Equal(0, Registry.TokensAskedFor);

        Assert.Equal(2, (await Cli.RunAsync("login", "--token", "--tenant", "other")).ExitCode);
        Cli.Guard("no such\ntoken").Input = "no such token";
        Assert.Equal(2, (await Cli.RunAsync("login", "--token")).ExitCode);
        Cli.Input = FakeToken.Of("acme");
        Assert.Equal(5, (await Cli.RunAsync("login", "--token")).ExitCode);
    }

    [Fact]
    public async Task The_secret_may_come_from_a_file_the_environment_or_the_terminal()
    {
        Cli.Guard(Registry.Secret, "wrong");
        Cli.Typed = "wrong\b\b\b\b\b" + Registry.Secret;
        Assert.Contains("not shown", (await Cli.SucceedAsync("login", "--client-id", "robot")).Error, StringComparison.Ordinal);

        var file = Path.Combine(Cli.Folder, "secret");
        await File.WriteAllTextAsync(file, Registry.Secret + "\n", TestContext.Current.CancellationToken);
        await Cli.SucceedAsync("login", "--client-id", "robot", "--client-secret-file", file);

        (Cli.Environment["REGISTRY_CLIENT_ID"], Cli.Environment["REGISTRY_CLIENT_SECRET"]) = ("robot", Registry.Secret);
        Cli.Input = "wrong";
        Assert.Contains("The environment gives a login too", (await Cli.SucceedAsync("login")).Error, StringComparison.Ordinal);
        Assert.Equal(5, (await Cli.RunAsync("login", "--client-id", "another")).ExitCode);
    }

    [Theory]
    [InlineData("login", "--client-secret", "hunter2")]
    [InlineData("login", "--client-secret=hunter2")]
    [InlineData("login", "--token", "hunter2")]
    [InlineData("login", "hunter2")]
    [InlineData("search", "x", "--url", "http://robot:hunter2@127.0.0.1:1")]
    public async Task A_secret_on_the_command_line_is_refused_and_not_repeated(params string[] arguments)
    {
        var run = await Cli.Guard("hunter2").RunAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.NotEmpty(run.Error);
    }

    [Fact]
    public async Task Without_its_secret_a_login_ends_with_its_token()
    {
        await LogInAsync("--no-store-secret");
        Assert.DoesNotContain(Registry.Secret, Stored(), StringComparison.Ordinal);
        await Cli.SucceedAsync("search", "x");

        Registry.Revoke();
        var run = await Cli.RunAsync("search", "x");
        Assert.Equal(5, run.ExitCode);
        Assert.Contains($"registry login --url {Registry.Url} --tenant default --client-id robot", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoami_tells_everything_but_the_secrets_without_asking_the_registry()
    {
        await LogInAsync("--tenant", "acme");
        var asked = Registry.Requests.Count;
        var shown = (await Cli.SucceedAsync("whoami")).Output;
        Assert.All([Registry.Url, "acme", "robot", "capability_developer, observer", "registry:read registry:write", "UTC"], part => Assert.Contains(part, shown, StringComparison.Ordinal));

        using var json = JsonDocument.Parse((await Cli.SucceedAsync("whoami", "--json")).Output);
        Assert.Equal("acme", json.RootElement.GetProperty("tenant").GetString());
        Assert.Equal(2, json.RootElement.GetProperty("roles").GetArrayLength());
        Assert.True(json.RootElement.GetProperty("renewable").GetBoolean());
        Assert.Equal(asked, Registry.Requests.Count);
        Assert.Equal(5, (await Cli.RunAsync("whoami", "--tenant", "other")).ExitCode);
    }

    [Fact]
    public async Task Whoami_with_an_expired_token_is_1()
    {
        Cli.Environment["REGISTRY_TOKEN"] = FakeToken.Of("acme", expiresAt: TimeProvider.System.GetUtcNow().AddMinutes(-1));
        var run = await Cli.RunAsync("whoami");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("expired at", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logout_forgets_one_login_and_logout_all_every_one()
    {
        await LogInAsync("--tenant", "acme");
        await LogInAsync("--tenant", "beta");
        var several = await Cli.RunAsync("search", "x");
        Assert.Equal(5, several.ExitCode);
        Assert.Contains("acme, beta", several.Error, StringComparison.Ordinal);

        await Cli.SucceedAsync("logout", "--tenant", "acme");
        await Cli.SucceedAsync("search", "x");
        Assert.Equal("beta", Registry.Tenants.Last());

        await Cli.SucceedAsync("logout", "--all");
        await Cli.SucceedAsync("logout", "--all");
        Assert.Equal(5, (await Cli.RunAsync("whoami")).ExitCode);
    }

    [Fact]
    public async Task Credentials_in_clear_over_a_network_are_warned_of()
    {
        Assert.Contains("in clear", (await Cli.RunAsync("search", "x", "--url", "http://registry.example")).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("in clear", (await Cli.RunAsync("search", "x", "--url", "https://registry.example")).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("in clear", (await Cli.RunAsync("search", "x")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_does_not_follow_a_redirect()
    {
        Registry.RedirectTo = $"{Registry.Url}/elsewhere";
        Cli.Input = Registry.Secret;
        var run = await Cli.RunAsync("login", "--client-id", "robot");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("/elsewhere", run.Error, StringComparison.Ordinal);
        Assert.Single(Registry.Requests);
    }
}
