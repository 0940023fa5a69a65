using System.Reflection;
using CapabilityRegistry.ServiceDefaults.Configuration;
using CapabilityRegistry.ServiceDefaults.Health;
using CapabilityRegistry.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CapabilityRegistry.ServiceDefaults;

/// <summary>What every process of the system has in common: configuration, telemetry, health, service discovery, resilient outgoing calls.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>The name under which the system's own spans and metrics are recorded.</summary>
    public const string TelemetryName = "CapabilityRegistry";

    private const string Live = "live";

    /// <summary>The configuration sections of the database's and Redis' clients.</summary>
    private static readonly string[] Clients = ["Aspire:Npgsql", "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL", "Aspire:StackExchange:Redis"];

    /// <summary>Adds the common services.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddGuideVariables();
        builder.AddTelemetry();
        builder.Services.AddRegistryOptions<FeaturesOptions>(FeaturesOptions.SectionName);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddHealth();
        builder.Services.AddServiceDiscovery();
        var outgoing = builder.Configuration.ReadRegistryOptions<OutgoingOptions>(OutgoingOptions.SectionName);
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.UseSocketsHttpHandler((handler, _) => handler.MaxConnectionsPerServer = outgoing.MaxConnectionsPerServer);
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        return builder;
    }

    /// <summary>Looks at Redis, for a process that has a client of it. Adds nothing where no <c>ConnectionStrings:redis</c> is set.</summary>
    public static IHostApplicationBuilder AddRedisCheck(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Configuration.GetConnectionString(RedisCheck.Name) is { Length: > 0 })
        {
            builder.Services.AddHealthChecks().Add(new(RedisCheck.Name, services => new RedisCheck(services), HealthStatus.Degraded, tags: null, RedisCheck.Limit));
        }

        return builder;
    }

    /// <summary>Maps <c>/health</c> (everything that the process needs answers) and <c>/alive</c> (the process itself answers).</summary>
    public static IEndpointRouteBuilder MapDefaultEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks("/health").AllowAnonymous();
        endpoints.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Live) }).AllowAnonymous();
        return endpoints;
    }

    /// <summary>The checks of the database's and Redis' clients say in exceptions what is wrong, hosts and users included, and know no time limit: ours take their place.</summary>
    private static void AddHealth(this IHostApplicationBuilder builder)
    {
        builder.Configuration.AddInMemoryCollection(Clients.Select(client => KeyValuePair.Create($"{client}:DisableHealthChecks", (string?)"true")));
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);
    }

    private static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        var options = builder.Configuration.ReadRegistryOptions<TelemetryOptions>(TelemetryOptions.SectionName);
        builder.Services.AddOpenTelemetry().ConfigureResource(resource => Describe(resource, builder));
        var exportsAll = !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
            if (exportsAll)
            {
                logging.AddOtlpExporter();
            }
        });
        if (options.Metrics)
        {
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => AddMetrics(metrics, exportsAll));
            builder.Services.AddHostedService<GuideMetrics>();
            builder.Services.AddSingleton<IHealthCheckPublisher, HealthMetrics>();
            builder.Services.Configure<HealthCheckPublisherOptions>(health => (health.Delay, health.Period, health.Predicate) = (TimeSpan.Zero, HealthMetrics.Period, check => !check.Tags.Contains(Live)));
        }

        if (options.Tracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => AddTracing(tracing, exportsAll, options.TracesEndpoint));
        }

        builder.SwitchOffInClients(options);
    }

    /// <summary>Who tells. <c>OTEL_SERVICE_NAME</c> wins.</summary>
    private static void Describe(ResourceBuilder resource, IHostApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_SERVICE_NAME"]))
        {
            var version = typeof(ServiceDefaultsExtensions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
            resource.AddService(builder.Environment.ApplicationName, serviceVersion: version);
        }
    }

    private static void AddMetrics(MeterProviderBuilder metrics, bool exports)
    {
        metrics.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddMeter(TelemetryName);
        if (exports)
        {
            metrics.AddOtlpExporter();
        }
    }

    private static void AddTracing(TracerProviderBuilder tracing, bool exportsAll, Uri? endpoint)
    {
        tracing.AddSource(TelemetryName).AddAspNetCoreInstrumentation(options => options.Filter = IsWorthTracing).AddHttpClientInstrumentation();
        if (exportsAll)
        {
            tracing.AddOtlpExporter();
        }
        else if (endpoint is not null)
        {
            tracing.AddOtlpExporter(options => options.Endpoint = endpoint);
        }
        else
        {
            // Spans that go nowhere are not made; requests have their trace ids all the same.
            tracing.SetSampler(new AlwaysOffSampler());
        }
    }

    /// <summary>The database's and Redis' clients add their instrumentation by themselves, which would bring back what is switched off.</summary>
    private static void SwitchOffInClients(this IHostApplicationBuilder builder, TelemetryOptions options)
    {
        string[] off = [.. new[] { options.Metrics ? "" : "DisableMetrics", options.Tracing ? "" : "DisableTracing" }.Where(key => key.Length > 0)];
        builder.Configuration.AddInMemoryCollection(Clients.SelectMany(client => off.Select(key => KeyValuePair.Create($"{client}:{key}", (string?)"true"))));
    }

    private static bool IsWorthTracing(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
        && !context.Request.Path.StartsWithSegments("/alive", StringComparison.Ordinal)
        && !context.Request.Path.StartsWithSegments("/api/health", StringComparison.Ordinal)
        && !context.Request.Path.StartsWithSegments("/api/registry/health", StringComparison.Ordinal)
        && !context.Request.Path.StartsWithSegments(MetricsServer.Path, StringComparison.Ordinal);
}
