using CapabilityRegistry.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace CapabilityRegistry.ServiceDefaults.Telemetry;

/// <summary>Answers <c>/metrics</c> in Prometheus' format, on a port of its own and nowhere else.</summary>
/// <remarks>A server apart from the process's own: no header that a caller sends can lead from the public port to it, no token and no rate limit is between it and Prometheus, and nothing of the
/// API can be reached through it. It starts before the public one and ends after it, so that the last requests are still told.</remarks>
internal sealed class MetricsServer(int port, MeterProvider meters, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    public const string Path = "/metrics";

    private WebApplication? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenAnyIP(port);
        });
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, Dependent>());
        _server = builder.Build();
        _server.Use((context, next) =>
        {
            // What Prometheus asks is no traffic of the service.
            if (context.Features.Get<IHttpMetricsTagsFeature>() is { } tags)
            {
                tags.MetricsDisabled = true;
            }

            return next(context);
        });
        _server.UseOpenTelemetryPrometheusScrapingEndpoint(meters, predicate: null, Path, configureBranchedPipeline: null, optionsName: null);
        try
        {
            await _server.StartAsync(cancellationToken);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw new ConfigurationException([$"{TelemetryOptions.SectionName}:{nameof(TelemetryOptions.MetricsPort)}: another process listens on port {port}; METRICS_PORT names one for each process of a machine."]);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Signals are for the process's own host, which stops this one last.</summary>
    private sealed class Dependent : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
