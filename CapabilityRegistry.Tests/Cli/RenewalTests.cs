namespace CapabilityRegistry.Tests.Cli;

/// <summary>Whose token a command shows, and when it gets another.</summary>
public sealed class RenewalTests : LoginTestBase
{
    [Fact]
    public async Task A_token_that_is_about_to_expire_is_renewed_and_kept()
    {
        await LogInAsync();
        var clock = new ImpatientClock();
        Cli.Clock = clock;
        clock.Advance(TimeSpan.FromSeconds(Registry.ExpiresIn - 70));
        await Cli.SucceedAsync("search", "x");
        Assert.Equal(1, Registry.TokensAskedFor);

        clock.Advance(TimeSpan.FromSeconds(20));
        await Cli.SucceedAsync("search", "x");
        await Cli.SucceedAsync("search", "x");
        Assert.Equal(2, Registry.TokensAskedFor);
    }

    [Fact]
    public async Task A_token_that_is_refused_is_renewed_once_and_the_request_repeated()
    {
        await LogInAsync();
        Registry.Revoke();
        await Cli.SucceedAsync("lock", "anything");
        Assert.Equal(2, Registry.TokensAskedFor);
        Assert.Equal(2, Registry.Requests.Count(request => request.EndsWith("/lock", StringComparison.Ordinal)));

        await Cli.SucceedAsync("search", "x");
        Assert.Equal(2, Registry.TokensAskedFor);
    }

    [Fact]
    public async Task An_import_goes_on_with_another_token()
    {
        await LogInAsync();
        Registry.Revoke();
        Cli.Input = "{}\n{}\n";
        Assert.Contains("2 lines", (await Cli.SucceedAsync("import", "-")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_refuses_its_own_tokens_is_not_asked_for_ever()
    {
        await LogInAsync();
        Registry.Revoke();
        Registry.ForgetsTokens = true;
        Assert.Equal(5, (await Cli.RunAsync("search", "x")).ExitCode);
        Assert.Equal(2, Registry.TokensAskedFor);
    }

    [Fact]
    public async Task A_renewal_that_is_refused_is_5_and_says_what_to_run()
    {
        await LogInAsync("--tenant", "acme");
        Registry.Revoke();
        Registry.Secret = "another";
        var run = await Cli.RunAsync("search", "x");
        Assert.Equal(5, run.ExitCode);
        Assert.Contains($"registry login --url {Registry.Url} --tenant acme --client-id robot", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_goes_before_the_store_and_a_token_before_a_client()
    {
        await LogInAsync("--tenant", "stored");
        var before = Stored();
        (Cli.Environment["REGISTRY_CLIENT_ID"], Cli.Environment["REGISTRY_CLIENT_SECRET"]) = ("robot", Registry.Secret);
        Cli.Environment["REGISTRY_TENANT"] = "client";
        await Cli.SucceedAsync("search", "x");
        Assert.Equal("client", Registry.Tenants.Last());

        var token = Registry.Issue("token");
        Cli.Guard(token).Environment["REGISTRY_TOKEN"] = token;
        Cli.Environment.Remove("REGISTRY_TENANT");
        await Cli.SucceedAsync("search", "x");
        Assert.Equal("token", Registry.Tenants.Last());
        Assert.Equal(before, Stored());

        Assert.Equal(5, (await Cli.RunAsync("search", "x", "--tenant", "stored")).ExitCode);
    }

    [Fact]
    public async Task Half_a_client_in_the_environment_is_none_and_is_pointed_out()
    {
        Cli.Environment["REGISTRY_CLIENT_ID"] = "robot";
        Assert.Contains("REGISTRY_CLIENT_SECRET is not", (await Cli.RunAsync("search", "x")).Error, StringComparison.Ordinal);
        await LogInAsync();
        await Cli.SucceedAsync("search", "x");
    }

    [Theory]
    [InlineData("REGISTRY_TOKEN", "what is\tthis")]
    [InlineData("REGISTRY_TOKEN", "refused.by.theregistry")]
    [InlineData("REGISTRY_CLIENT_SECRET", "not the secret")]
    public async Task What_the_environment_gives_and_the_registry_refuses_is_5_and_is_not_shown(string variable, string value)
    {
        Cli.Guard(value).Environment["REGISTRY_CLIENT_ID"] = "robot";
        Cli.Environment[variable] = value;
        var run = await Cli.RunAsync("search", "x");
        Assert.Equal(5, run.ExitCode);
        Assert.Contains(variable, run.Error, StringComparison.Ordinal);
        Assert.Contains($"registry login --url {Registry.Url}", run.Error, StringComparison.Ordinal);
    }
}
