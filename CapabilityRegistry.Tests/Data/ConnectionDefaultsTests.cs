using CapabilityRegistry.Data;
using Npgsql;

namespace CapabilityRegistry.Tests.Data;

public sealed class ConnectionDefaultsTests
{
    [Fact]
    public void What_the_connection_string_does_not_say_has_our_defaults()
    {
        var connection = Configured("Host=db");
        Assert.Equal((50, 2, 5, 50, "capability-registry", false), (connection.MaxAutoPrepare, connection.AutoPrepareMinUsages, connection.Timeout, connection.MaxPoolSize, connection.ApplicationName, connection.NoResetOnClose));
    }

    [Fact]
    public void What_it_says_wins_but_for_the_reset_of_sessions()
    {
        var connection = Configured("Host=db;Max Auto Prepare=0;Timeout=9;Maximum Pool Size=7;Application Name=other;No Reset On Close=true");
        Assert.Equal((0, 9, 7, "other", false), (connection.MaxAutoPrepare, connection.Timeout, connection.MaxPoolSize, connection.ApplicationName, connection.NoResetOnClose));
    }

    private static NpgsqlConnectionStringBuilder Configured(string connectionString)
    {
        var source = new NpgsqlDataSourceBuilder(connectionString);
        RegistryData.Configure(source);
        return source.ConnectionStringBuilder;
    }
}
