using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace CapabilityRegistry.Data.Health;

/// <summary>Whether the schema has every migration that this release knows. One that has more is well: migrations are made so that the release before goes on working.</summary>
internal sealed class SchemaCheck(NpgsqlDataSource dataSource) : IHealthCheck
{
    public const string Name = "schema";

    /// <summary>Read off the types: the first look of a process must not wait for the object mapper to make its model.</summary>
    private static readonly string[] Known = [.. typeof(SchemaCheck).Assembly.GetTypes().Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>()];

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = dataSource.CreateCommand("SELECT coalesce(array_agg(migration_id), '{}') FROM \"__EFMigrationsHistory\"");
            var applied = (string[])(await command.ExecuteScalarAsync(cancellationToken))!;
            var missing = Known.Except(applied, StringComparer.Ordinal).Count();
            return missing == 0
                ? HealthCheckResult.Healthy($"At {applied.Max(StringComparer.Ordinal)}.")
                : HealthCheckResult.Unhealthy($"{missing} migrations are missing: run the worker's role migrate.");
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return HealthCheckResult.Unhealthy($"{Known.Length} migrations are missing: run the worker's role migrate.");
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy(DatabaseCheck.ReasonOf(exception));
        }
    }
}
