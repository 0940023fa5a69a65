// Stands in for the package Aspire.Npgsql.EntityFrameworkCore.PostgreSQL on feeds that lack it (docs/adr/0003).
#pragma warning disable IDE0130 // The namespace is the package's.
using System.Diagnostics.CodeAnalysis;
using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL
{
    /// <summary>The settings of <see cref="Microsoft.Extensions.Hosting.AspireEFPostgreSqlExtensions"/>.</summary>
    [SuppressMessage("Naming", "CA1711", Justification = "The package's name.")]
    public sealed class NpgsqlEntityFrameworkCorePostgreSQLSettings
    {
        public string? ConnectionString { get; set; }

        public bool DisableRetry { get; set; }

        public bool DisableHealthChecks { get; set; }

        public bool DisableTracing { get; set; }

        public bool DisableMetrics { get; set; }

        public int? CommandTimeout { get; set; }
    }
}

namespace Microsoft.Extensions.Hosting
{
    /// <summary>Adds retries, a health check, traces and metrics to a registered context.</summary>
    public static class AspireEFPostgreSqlExtensions
    {
        private const string Section = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

        private const DynamicallyAccessedMemberTypes RequiredByEF =
            DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors | DynamicallyAccessedMemberTypes.PublicProperties;

        /// <summary>Enriches a context that is registered already.</summary>
        public static void EnrichNpgsqlDbContext<[DynamicallyAccessedMembers(RequiredByEF)] TContext>(
            this IHostApplicationBuilder builder, Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null)
            where TContext : DbContext
        {
            ArgumentNullException.ThrowIfNull(builder);
            var settings = new NpgsqlEntityFrameworkCorePostgreSQLSettings();
            builder.Configuration.GetSection(Section).Bind(settings);
            builder.Configuration.GetSection($"{Section}:{typeof(TContext).Name}").Bind(settings);
            configureSettings?.Invoke(settings);
            builder.Services.ConfigureDbContext<TContext>(options => options.UseNpgsql(npgsql =>
            {
                if (!settings.DisableRetry)
                {
                    npgsql.EnableRetryOnFailure();
                }

                if (settings.CommandTimeout is { } timeout)
                {
                    npgsql.CommandTimeout(timeout);
                }
            }));
            if (!settings.DisableHealthChecks)
            {
                builder.Services.AddHealthChecks().AddDbContextCheck<TContext>(typeof(TContext).Name);
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
    }
}
