// Stands in for the package Aspire.Npgsql on feeds that lack it (docs/adr/0003): same namespace, names, configuration and behaviour, as far as this system uses them.
#pragma warning disable IDE0130 // The namespace is the package's.
using Aspire.Npgsql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Aspire.Npgsql
{
    /// <summary>The settings of <see cref="Microsoft.Extensions.Hosting.AspirePostgreSqlNpgsqlExtensions"/>.</summary>
    public sealed class NpgsqlSettings
    {
        public string? ConnectionString { get; set; }

        public bool DisableHealthChecks { get; set; }

        public bool DisableTracing { get; set; }

        public bool DisableMetrics { get; set; }
    }
}

namespace Microsoft.Extensions.Hosting
{
    /// <summary>Registers a data source with health check, traces and metrics.</summary>
    public static class AspirePostgreSqlNpgsqlExtensions
    {
        private const string Section = "Aspire:Npgsql";

        /// <summary>Registers <see cref="NpgsqlDataSource"/> for <c>ConnectionStrings:{connectionName}</c>; the connection string is checked when the data source is first used.</summary>
        public static void AddNpgsqlDataSource(
            this IHostApplicationBuilder builder,
            string connectionName,
            Action<NpgsqlSettings>? configureSettings = null,
            Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null)
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentException.ThrowIfNullOrEmpty(connectionName);
            var settings = new NpgsqlSettings();
            builder.Configuration.GetSection(Section).Bind(settings);
            builder.Configuration.GetSection($"{Section}:{connectionName}").Bind(settings);
            settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
            configureSettings?.Invoke(settings);
            builder.Services.AddNpgsqlDataSource(settings.ConnectionString ?? "", source =>
            {
                if (string.IsNullOrWhiteSpace(settings.ConnectionString))
                {
                    throw new InvalidOperationException(
                        $"ConnectionString is missing. It should be provided in 'ConnectionStrings:{connectionName}' or under the 'ConnectionString' key in '{Section}' configuration section.");
                }

                configureDataSourceBuilder?.Invoke(source);
            });
            builder.AddInstrumentation(settings);
        }

        private static void AddInstrumentation(this IHostApplicationBuilder builder, NpgsqlSettings settings)
        {
            if (!settings.DisableHealthChecks)
            {
                builder.Services.AddHealthChecks().Add(new("PostgreSql", services => new NpgsqlHealthCheck(services.GetRequiredService<NpgsqlDataSource>()), null, null));
            }

            if (!settings.DisableTracing)
            {
                builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddNpgsql());
            }

            if (!settings.DisableMetrics)
            {
                builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Npgsql"));
            }
        }

        private sealed class NpgsqlHealthCheck(NpgsqlDataSource dataSource) : IHealthCheck
        {
            public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
            {
                try
                {
                    await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
                    await using var command = new NpgsqlCommand("SELECT 1;", connection);
                    await command.ExecuteScalarAsync(cancellationToken);
                    return HealthCheckResult.Healthy();
                }
                catch (NpgsqlException exception)
                {
                    return new(context.Registration.FailureStatus, "PostgreSQL does not answer.", exception);
                }
            }
        }
    }
}
