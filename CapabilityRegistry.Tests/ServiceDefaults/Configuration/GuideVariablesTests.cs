using CapabilityRegistry.ServiceDefaults.Configuration;
using Microsoft.Extensions.Hosting;
using Npgsql;
using StackExchange.Redis;

namespace CapabilityRegistry.Tests.ServiceDefaults.Configuration;

public sealed class GuideVariablesTests
{
    public static TheoryData<string> Names => [.. GuideEnvironment.Variables.Keys];

    [Fact]
    public void The_table_has_the_guides_variables_and_no_others()
    {
        Assert.True(Names.Count >= 40, $"{Names.Count} names");
        Assert.Equal(GuideEnvironment.Variables.Keys.Order(StringComparer.Ordinal), GuideVariables.All.Select(variable => variable.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_guides_own_value_of_a_variable_reaches_its_keys(string name)
    {
        var variable = GuideVariables.All.Single(v => v.Name == name);
        var configuration = ConfiguredHost.With(new() { [name] = GuideEnvironment.Variables[name], ["DOTNET_ENVIRONMENT"] = "Production" }).Configuration;
        Assert.All(variable.Keys, key => Assert.False(string.IsNullOrEmpty(configuration[key]), key));
        Assert.True(variable.Keys.Length > 0 || variable.Home.Length > 0 || variable.Sets.StartsWith("Nothing", StringComparison.Ordinal), "It has no home.");
    }

    [Fact]
    public void The_guides_whole_environment_is_accepted()
    {
        var builder = ConfiguredHost.With(GuideEnvironment.Variables);
        Assert.True(builder.Environment.IsProduction());
        var database = new NpgsqlConnectionStringBuilder(builder.Configuration["ConnectionStrings:registry"]);
        Assert.Equal(("localhost", 5432, "registry_user", "secure_password", "apg_capability_registry", 50), (database.Host, database.Port, database.Username, database.Password, database.Database, database.MaxPoolSize));
        Assert.Equal("password", ConfigurationOptions.Parse(builder.Configuration["ConnectionStrings:redis"]!).Password);
        string[] keys = ["Auth:SigningKey", "Auth:AccessTokenMinutes", "Bootstrap:TenantId", "Features:Marketplace", "RateLimit:Burst", "Logging:LogLevel:Default", "Telemetry:TracesEndpoint", "Storage:S3:Bucket"];
        Assert.Equal(
            ["your-jwt-secret-key", "30", "production-tenant", "true", "20", "Information", "http://jaeger:4317/", "apg-registry-files"],
            keys.Select(key => builder.Configuration[key]));
    }

    [Theory]
    [InlineData("DEBUG", "Debug")]
    [InlineData("info", "Information")]
    [InlineData("Warning", "Warning")]
    [InlineData("ERROR", "Error")]
    [InlineData("CRITICAL", "Critical")]
    public void A_level_of_python_is_one_of_dotnet(string guide, string ours) => Assert.Equal(ours, ConfiguredHost.With("LOG_LEVEL", guide).Configuration["Logging:LogLevel:Default"]);

    [Theory]
    [InlineData("True", "true")]
    [InlineData("1", "true")]
    [InlineData("yes", "true")]
    [InlineData("ON", "true")]
    [InlineData("False", "false")]
    [InlineData("0", "false")]
    [InlineData(" off\n", "false")]
    public void A_switch_is_written_in_many_ways(string guide, string ours) => Assert.Equal(ours, ConfiguredHost.With("ENABLE_WEBHOOKS", guide).Configuration["Features:Webhooks"]);

    [Theory]
    [InlineData("http://jaeger:14268/api/traces", "http://jaeger:4317/")]
    [InlineData("https://jaeger.example/api/traces?format=x", "https://jaeger.example:4317/")]
    [InlineData("http://collector:4317", "http://collector:4317/")]
    [InlineData("http://collector:4318/v1/traces", "http://collector:4318/v1/traces")]
    public void The_old_collector_of_jaeger_stands_for_its_otlp_receiver(string guide, string ours) => Assert.Equal(ours, ConfiguredHost.With("JAEGER_ENDPOINT", guide).Configuration["Telemetry:TracesEndpoint"]);

    [Fact]
    public void Tokens_are_signed_with_the_application_s_secret_where_they_have_none_of_their_own()
    {
        Assert.Equal("application", ConfiguredHost.With("SECRET_KEY", "application").Configuration["Auth:SigningKey"]);
        Assert.Equal("application", ConfiguredHost.With(new() { ["SECRET_KEY"] = "application", ["JWT_SECRET_KEY"] = "" }).Configuration["Auth:SigningKey"]);
        Assert.Equal("tokens", ConfiguredHost.With(new() { ["SECRET_KEY"] = "application", ["JWT_SECRET_KEY"] = "tokens" }).Configuration["Auth:SigningKey"]);
    }

    [Fact]
    public void A_secret_is_taken_to_the_letter() => Assert.Equal(" key \n", ConfiguredHost.With("JWT_SECRET_KEY", " key \n").Configuration["Auth:SigningKey"]);

    [Fact]
    public void A_variable_that_is_empty_is_absent()
    {
        var empty = GuideEnvironment.Variables.ToDictionary(variable => variable.Key, variable => variable.Key.Length % 2 == 0 ? "" : " ");
        var configuration = ConfiguredHost.With(empty).Configuration;
        Assert.All(GuideVariables.All.SelectMany(variable => variable.Keys).Where(key => !key.StartsWith("Logging:", StringComparison.Ordinal)), key => Assert.Null(configuration[key]));
    }
}
