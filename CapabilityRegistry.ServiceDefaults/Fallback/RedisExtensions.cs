// Stands in for the package Aspire.StackExchange.Redis on feeds that lack it (docs/adr/0003).
#pragma warning disable IDE0130 // The namespace is the package's.
using Aspire.StackExchange.Redis;
using CapabilityRegistry.ServiceDefaults.Fallback;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Aspire.StackExchange.Redis
{
    /// <summary>The settings of <see cref="Microsoft.Extensions.Hosting.AspireRedisExtensions"/>.</summary>
    public sealed class StackExchangeRedisSettings
    {
        public string? ConnectionString { get; set; }

        public bool DisableHealthChecks { get; set; }

        public bool DisableTracing { get; set; }

        public bool DisableAutoActivation { get; set; } = true;
    }
}

namespace Microsoft.Extensions.Hosting
{
    /// <summary>Registers a Redis connection with a health check.</summary>
    public static class AspireRedisExtensions
    {
        private const string Section = "Aspire:StackExchange:Redis";

        /// <summary>Registers <see cref="IConnectionMultiplexer"/> for <c>ConnectionStrings:{connectionName}</c>; it connects when first used and goes on trying.</summary>
        public static void AddRedisClient(
            this IHostApplicationBuilder builder,
            string connectionName,
            Action<StackExchangeRedisSettings>? configureSettings = null,
            Action<ConfigurationOptions>? configureOptions = null)
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentException.ThrowIfNullOrEmpty(connectionName);
            var settings = new StackExchangeRedisSettings();
            builder.Configuration.GetSection(Section).Bind(settings);
            builder.Configuration.GetSection($"{Section}:{connectionName}").Bind(settings);
            settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
            configureSettings?.Invoke(settings);
            builder.Services.AddSingleton<IConnectionMultiplexer>(services => Connect(services, settings, connectionName, configureOptions));
            if (!settings.DisableAutoActivation)
            {
                builder.Services.ActivateSingleton<IConnectionMultiplexer>();
            }

            if (!settings.DisableTracing)
            {
                builder.Services.AddSingleton<RedisSpans>();
                builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(RedisSpans.SourceName));
            }

            if (!settings.DisableHealthChecks)
            {
                builder.Services.AddHealthChecks().Add(new("StackExchange.Redis", services => new RedisHealthCheck(services), null, null));
            }
        }

        private static ConnectionMultiplexer Connect(
            IServiceProvider services, StackExchangeRedisSettings settings, string connectionName, Action<ConfigurationOptions>? configureOptions)
        {
            if (string.IsNullOrWhiteSpace(settings.ConnectionString))
            {
                throw new InvalidOperationException(
                    $"No endpoints specified. Ensure a valid connection string was provided in 'ConnectionStrings:{connectionName}' or for the '{Section}:ConnectionString' configuration key.");
            }

            var options = ConfigurationOptions.Parse(settings.ConnectionString);
            options.AbortOnConnectFail = false;
            options.LoggerFactory ??= services.GetService<ILoggerFactory>();
            configureOptions?.Invoke(options);
            var redis = ConnectionMultiplexer.Connect(options);
            if (services.GetService<RedisSpans>() is { } spans)
            {
                redis.RegisterProfiler(spans.SessionOfCaller);
            }

            return redis;
        }

        private sealed class RedisHealthCheck(IServiceProvider services) : IHealthCheck
        {
            public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
            {
                try
                {
                    await services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().PingAsync();
                    return HealthCheckResult.Healthy();
                }
                catch (Exception exception) when (exception is RedisException or TimeoutException)
                {
                    return new(context.Registration.FailureStatus, "Redis does not answer.", exception);
                }
            }
        }
    }
}
