using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace CapabilityRegistry.Data.Health;

/// <summary>Whether the schema has every migration that this release knows. One that has more is well: migrations are made so that the release before goes on working.</summary>
internal sealed class SchemaCheck(IServiceScopeFactory scopes) : IHealthCheck
{
    public const string Name = "schema";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<RegistryDbContext>().Database;
            var applied = (await database.GetAppliedMigrationsAsync(cancellationToken)).ToArray();
            var missing = database.GetMigrations().Except(applied, StringComparer.Ordinal).Count();
            return missing == 0
                ? HealthCheckResult.Healthy($"At {applied.Max(StringComparer.Ordinal)}.")
                : HealthCheckResult.Unhealthy($"{missing} migrations are missing: run the worker's role migrate.");
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException || exception.InnerException is NpgsqlException)
        {
            return HealthCheckResult.Unhealthy(DatabaseCheck.ReasonOf(exception.InnerException as NpgsqlException ?? exception));
        }
    }
}
