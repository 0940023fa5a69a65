using System.Diagnostics.Metrics;
using CapabilityRegistry.ServiceDefaults;

namespace CapabilityRegistry.Api.Sockets;

/// <summary>What operators see of the sockets.</summary>
internal sealed class SocketMetrics(IMeterFactory meters)
{
    private readonly UpDownCounter<long> _open = meters.Create(ServiceDefaultsExtensions.TelemetryName).CreateUpDownCounter<long>("registry.sockets.open", "{socket}", "Open WebSockets.");
    private readonly Counter<long> _closed = meters.Create(ServiceDefaultsExtensions.TelemetryName).CreateCounter<long>("registry.sockets.closed", "{socket}", "WebSockets that ended, by close code.");

    public void Opened() => _open.Add(1);

    public void Closed(SocketClose close)
    {
        _open.Add(-1);
        _closed.Add(1, new KeyValuePair<string, object?>("registry.sockets.close_code", (int)close));
    }
}
