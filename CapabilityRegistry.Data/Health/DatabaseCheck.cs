using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace CapabilityRegistry.Data.Health;

/// <summary>Whether PostgreSQL answers a request of the application's. What it says of a failure names no host and no user: anybody may read it.</summary>
internal sealed class DatabaseCheck(NpgsqlDataSource dataSource) : IHealthCheck
{
    public const string Name = "postgresql";

    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy(ReasonOf(exception));
        }
    }

    /// <summary>What kept the database from answering, in words that give nothing away.</summary>
    public static string ReasonOf(Exception exception) => exception switch
    {
        PostgresException refused => $"PostgreSQL refuses: SQLSTATE {refused.SqlState}.",
        { InnerException: TimeoutException } => "No connection in time: the server does not answer, or every connection of the pool is in use.",
        _ => "PostgreSQL does not answer.",
    };
}
