using Microsoft.Extensions.Configuration;
using Npgsql;

namespace CapabilityRegistry.Tests.ServiceDefaults.Configuration;

public sealed class PrecedenceTests
{
    [Fact]
    public void Our_own_key_wins_over_the_guides_name_wherever_it_comes_from()
    {
        var configuration = ConfiguredHost.With(new() { ["RATE_LIMIT_BURST"] = "5", ["RATE_LIMIT_REQUESTS_PER_MINUTE"] = "6", ["REDIS_URL"] = "redis://guide" }, builder =>
        {
            builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("RateLimit:Burst", (string?)"7")]);
            builder.Configuration["ConnectionStrings:redis"] = "own:1";
        }).Configuration;
        Assert.Equal(("7", "6", "own:1"), (configuration["RateLimit:Burst"], configuration["RateLimit:RequestsPerMinute"], configuration["ConnectionStrings:redis"]));
    }

    [Fact]
    public void Our_own_key_with_nothing_in_it_does_not_win()
    {
        var builder = ConfiguredHost.With(new() { ["RATE_LIMIT_BURST"] = "5" }, b => b.Configuration["RateLimit:Burst"] = "");
        Assert.Equal("5", builder.Configuration["RateLimit:Burst"]);
    }

    [Fact]
    public void What_is_given_afterwards_wins()
    {
        var builder = ConfiguredHost.With("RATE_LIMIT_BURST", "5");
        builder.Configuration["RateLimit:Burst"] = "8";
        Assert.Equal("8", builder.Configuration["RateLimit:Burst"]);
    }

    [Theory]
    [InlineData("20", "30", 50)]
    [InlineData("10", null, 40)]
    [InlineData(null, "5", 25)]
    [InlineData("1", "0", 1)]
    [InlineData(null, null, 100)]
    public void The_pool_holds_what_size_and_overflow_allow_together(string? size, string? overflow, int expected)
    {
        var environment = new Dictionary<string, string> { ["DATABASE_POOL_SIZE"] = size ?? "", ["DATABASE_MAX_OVERFLOW"] = overflow ?? "" };
        var own = ConfiguredHost.With(environment, builder => builder.Configuration["ConnectionStrings:registry"] = "Host=own;Password='a;b'");
        Assert.Equal(("own", "a;b", expected), PoolOf(own.Configuration));
        environment["DATABASE_URL"] = "postgresql://u:p@guide/d";
        Assert.Equal(("guide", "p", expected), PoolOf(ConfiguredHost.With(environment).Configuration));
    }

    [Theory]
    [InlineData("Host=own;Maximum Pool Size=7")]
    [InlineData("Host=own;MaxPoolSize=7")]
    public void A_pool_size_of_the_connection_string_stays(string connection)
    {
        var builder = ConfiguredHost.With(new() { ["DATABASE_POOL_SIZE"] = "20" }, b => b.Configuration["ConnectionStrings:registry"] = connection);
        Assert.Equal(connection, builder.Configuration["ConnectionStrings:registry"]);
    }

    [Fact]
    public void A_pool_size_alone_makes_no_connection_string() => Assert.Null(ConfiguredHost.With("DATABASE_POOL_SIZE", "20").Configuration["ConnectionStrings:registry"]);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("Host=h;Nothing=")]
    public void A_connection_string_that_cannot_be_read_is_left_to_its_reader(string connection)
    {
        var builder = ConfiguredHost.With(new() { ["DATABASE_POOL_SIZE"] = "20" }, b => b.Configuration["ConnectionStrings:registry"] = connection);
        Assert.Equal(connection, builder.Configuration["ConnectionStrings:registry"]);
    }

    private static (string?, string?, int) PoolOf(ConfigurationManager configuration)
    {
        var connection = new NpgsqlConnectionStringBuilder(configuration["ConnectionStrings:registry"]);
        return (connection.Host, connection.Password, connection.MaxPoolSize);
    }
}
