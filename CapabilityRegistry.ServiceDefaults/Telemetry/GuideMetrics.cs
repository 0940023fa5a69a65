using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace CapabilityRegistry.ServiceDefaults.Telemetry;

/// <summary>Requests under the names of the deployment guide, which its alerts and dashboards use: Prometheus shows <c>http_requests_total</c> and <c>http_request_duration_seconds</c>.</summary>
/// <remarks>Made of the measurements of <c>http.server.request.duration</c>, so that both names always tell the same. Paths are templates of routes, never what was asked for: there are as many
/// series as there are routes, whatever strangers send.</remarks>
internal sealed class GuideMetrics : IHostedService, IDisposable
{
    public const string RequestsName = "http.requests";
    public const string DurationName = "http.request.duration";

    /// <summary>The path of what no route took.</summary>
    public const string NoRoute = "unmatched";

    private const string Source = "http.server.request.duration";

    private readonly MeterListener _listener = new();
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;

    public GuideMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(ServiceDefaultsExtensions.TelemetryName);
        _requests = meter.CreateCounter<long>(RequestsName, "{request}", "Requests that were answered.");
        _duration = meter.CreateHistogram(DurationName, "s", "Time to answer a request.", tags: null, Buckets.Seconds);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == Source && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Record(seconds, tags));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();

    private void Record(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (method, path, status) = ((object?)"_OTHER", (object?)NoRoute, (object?)"");
        foreach (var (name, value) in tags)
        {
            switch (name)
            {
                case "http.request.method":
                    method = value;
                    break;
                case "http.route" when value is string { Length: > 0 } route:
                    path = route is [.. { Length: > 0 } shorter, '/'] ? shorter : route;
                    break;
                case "http.response.status_code":
                    status = Convert.ToString(value, CultureInfo.InvariantCulture);
                    break;
            }
        }

        _requests.Add(1, new("method", method), new("path", path), new("status", status));
        _duration.Record(seconds, new("method", method), new("path", path), new("status", status));
    }
}
