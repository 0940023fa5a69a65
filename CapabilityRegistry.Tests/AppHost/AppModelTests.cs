using Aspire.Hosting.ApplicationModel;

namespace CapabilityRegistry.Tests.AppHost;

/// <summary>What the AppHost describes, without starting any of it. Compiled only where the feed carries Aspire (docs/adr/0003).</summary>
public sealed class AppModelTests
{
    private const string Owner = "ConnectionStrings__registry-owner";

    public static TheoryData<string> Engines => ["containers", "executables"];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Only_migrations_connect_as_the_owner_of_the_tables(string engine)
    {
        await using var model = await AppModel.DescribeAsync("--engine", engine);
        var processes = await model.EnvironmentsAsync("migrations", "api", "worker");
        Assert.All(processes, process => Assert.Equal("{registry.connectionString}", process.Value["ConnectionStrings__registry"]));
        Assert.Equal("{registry-owner.connectionString}", processes["migrations"][Owner]);
        Assert.DoesNotContain(Owner, processes["api"].Keys);
        Assert.DoesNotContain(Owner, processes["worker"].Keys);
        Assert.DoesNotContain(processes["api"].Concat(processes["worker"]), variable => variable.Value.Contains("owner", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("containers", "Username=registry_user;Password={database-password.value};Database=registry", "Username=postgres;Password={owner-password.value}")]
    [InlineData("executables", "Username=registry;Password={database-password.value};Database=registry", "Username=registry_owner;Password={owner-password.value};Database=registry")]
    public async Task Application_and_owner_log_in_by_names_and_passwords_of_their_own(string engine, string application, string owner)
    {
        await using var model = await AppModel.DescribeAsync("--engine", engine);
        Assert.EndsWith(application, model.ConnectionString("registry"), StringComparison.Ordinal);
        Assert.Contains(owner, model.ConnectionString("registry-owner") + model.ConnectionString("postgres"), StringComparison.Ordinal);
        Assert.DoesNotContain("owner-password", model.ConnectionString("registry"), StringComparison.Ordinal);
        Assert.DoesNotContain("database-password", model.ConnectionString("registry-owner"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_signing_key_is_the_apis_and_the_administrators_secret_that_of_the_migrations(string engine)
    {
        await using var model = await AppModel.DescribeAsync("--engine", engine);
        var processes = await model.EnvironmentsAsync("migrations", "api", "worker");
        Assert.Equal("{signing-key.value}", processes["api"]["Auth__SigningKey"]);
        Assert.Equal("{admin-secret.value}", processes["migrations"]["Bootstrap__ClientSecret"]);
        Assert.Equal(["api"], Holders("{signing-key.value}"));
        Assert.Equal(["migrations"], Holders("{admin-secret.value}"));

        IEnumerable<string> Holders(string value) => processes.Where(process => process.Value.Values.Contains(value, StringComparer.Ordinal)).Select(process => process.Key);
    }

    [Fact]
    public async Task A_local_server_gets_its_passwords_by_the_environment_and_not_as_arguments()
    {
        await using var model = await AppModel.DescribeAsync("--engine", "executables");
        var environment = (await model.EnvironmentsAsync("postgres"))["postgres"];
        Assert.Equal("{database-password.value}", environment["REGISTRY_DATABASE_PASSWORD"]);
        Assert.Equal("{owner-password.value}", environment["REGISTRY_OWNER_PASSWORD"]);
        var arguments = await model.ArgumentsAsync("postgres");
        Assert.Contains("--port", arguments);
        Assert.DoesNotContain(arguments, argument => argument.Contains("password", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Api_and_worker_start_when_the_migrations_have_ended_and_these_when_the_server_answers(string engine)
    {
        await using var model = await AppModel.DescribeAsync("--engine", engine);
        Assert.Equal(("postgres", WaitType.WaitUntilHealthy), Assert.Single(model.Waits("migrations"), wait => wait.Name == "postgres"));
        Assert.Contains(("migrations", WaitType.WaitForCompletion), model.Waits("api"));
        Assert.Contains(("migrations", WaitType.WaitForCompletion), model.Waits("worker"));
    }

    [Fact]
    public async Task Every_parameter_is_a_described_secret_that_is_long_enough_to_sign_with()
    {
        await using var model = await AppModel.DescribeAsync("--operation", "publish");
        var parameters = model.Resources.OfType<ParameterResource>().ToArray();
        Assert.Superset(new HashSet<string> { "admin-secret", "database-password", "owner-password", "signing-key" }, parameters.Select(p => p.Name).ToHashSet(StringComparer.Ordinal));
        Assert.All(parameters, parameter =>
        {
            Assert.True(parameter.Secret);
            Assert.NotNull(parameter.Description);
            Assert.InRange(Assert.IsType<GenerateParameterDefault>(parameter.Default).MinLength, 32, 128);
        });
    }

    [Fact]
    public async Task Processes_run_in_the_AppHosts_environment_and_are_published_without_one()
    {
        await using var run = await AppModel.DescribeAsync("--engine", "executables", "--environment", "Staging");
        Assert.All(await run.EnvironmentsAsync("migrations", "api", "worker"), process => Assert.Equal("Staging", process.Value["DOTNET_ENVIRONMENT"]));
        await using var published = await AppModel.DescribeAsync("--operation", "publish");
        Assert.All(await published.EnvironmentsAsync("migrations", "api", "worker"), process => Assert.DoesNotContain("DOTNET_ENVIRONMENT", process.Value.Keys));
    }
}
