using CapabilityRegistry.ServiceDefaults.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Metrics;

namespace CapabilityRegistry.ServiceDefaults.Telemetry;

/// <summary>What tells operators about a process that is deployed by itself.</summary>
public static class DeploymentExtensions
{
    /// <summary>Where Prometheus looks in a deployment, as in the guide.</summary>
    private const int MetricsPort = 9090;

    /// <summary>Adds what API and worker have where they are deployed: metrics on port 9090, and logs of one JSON object a line. In development neither is on unless it is asked for.</summary>
    public static TBuilder AddDeploymentDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddMetricsEndpoint(builder.Environment.IsDevelopment() ? null : MetricsPort);
        builder.Logging.AddConsoleFormatter<JsonLines, ConsoleFormatterOptions>();
        if (!builder.Environment.IsDevelopment())
        {
            var formatter = builder.Configuration["Logging:Console:FormatterName"];
            builder.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = formatter ?? JsonLines.FormatterName);
        }

        return builder;
    }

    /// <summary>Opens <c>/metrics</c> on the configured port, or on another where none is configured.</summary>
    /// <param name="builder">The host's builder, to which the service defaults have been added.</param>
    /// <param name="unlessSet">The port where the configuration names none; null for no endpoint then.</param>
    public static void AddMetricsEndpoint(this IHostApplicationBuilder builder, int? unlessSet)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Configuration.ReadRegistryOptions<TelemetryOptions>(TelemetryOptions.SectionName);
        if (!options.Metrics || (options.MetricsPort ?? unlessSet) is not { } port)
        {
            return;
        }

        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddPrometheusExporter(prometheus =>
        {
            prometheus.ScopeInfoEnabled = false;

            // A scrape every few seconds must see the present, not what another one was told.
            prometheus.ScrapeResponseCacheDurationMilliseconds = 0;
        }));
        builder.Services.AddHostedService(services => new MetricsServer(port, services.GetRequiredService<MeterProvider>(), services.GetRequiredService<ILoggerFactory>()));
    }
}
