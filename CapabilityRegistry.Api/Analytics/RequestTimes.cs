using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CapabilityRegistry.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Api.Analytics;

/// <summary>Listens to what ASP.NET Core measures of every request of this process anyway, and keeps the last minutes by route. Where nobody can ask for them, it does not.</summary>
internal sealed class RequestTimes(IMeterFactory meters, IOptions<FeaturesOptions> features, TimeProvider clock) : IHostedService, IDisposable
{
    private const string MeterName = "Microsoft.AspNetCore.Hosting";
    private const string InstrumentName = "http.server.request.duration";
    private const string NoRoute = "(none)";

    private readonly ConcurrentDictionary<(string Method, string Route), RouteTimes> _routes = new();
    private readonly MeterListener _listener = new();

    /// <summary>When it began to listen.</summary>
    public DateTimeOffset Since { get; private set; }

    private long Minute => clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute;

    /// <summary>The routes that were asked in the last minutes.</summary>
    public IReadOnlyList<(string Method, string Route, RouteSummary Summary)> Sum()
    {
        var minute = Minute;
        return [.. _routes.Select(r => (r.Key.Method, r.Key.Route, Summary: r.Value.Sum(minute))).Where(r => r.Summary.Count > 0).OrderByDescending(r => r.Summary.Count).ThenBy(r => r.Route, StringComparer.Ordinal).ThenBy(r => r.Method, StringComparer.Ordinal)];
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Since = clock.GetUtcNow();
        if (!features.Value.AnalyticsDashboard)
        {
            return Task.CompletedTask;
        }

        // Another host in the same process has a factory of its own.
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == InstrumentName && instrument.Meter.Name == MeterName && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Record(seconds, tags));
        _listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();

    private void Record(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (method, route, status) = ("", NoRoute, 0);
        foreach (var (name, value) in tags)
        {
            switch (name)
            {
                case "http.request.method":
                    method = (string)value!;
                    break;
                case "http.route":
                    route = (string)value!;
                    break;
                case "http.response.status_code":
                    status = (int)value!;
                    break;
            }
        }

        _routes.GetOrAdd((method, route), static _ => new()).Record(Minute, (long)(seconds * 1_000_000), status);
    }
}
