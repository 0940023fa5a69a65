using System.Diagnostics.Metrics;
using System.Globalization;
using System.Threading.Channels;
using CapabilityRegistry.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CapabilityRegistry.Tests.Api.Sockets;

/// <summary>The codes that the sockets of one server were closed with, as its metrics count them.</summary>
internal sealed class CloseCodes : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Channel<int> _codes = Channel.CreateUnbounded<int>();

    public CloseCodes(RegistryApp app)
    {
        var meters = app.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "registry.sockets.closed" && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _codes.Writer.TryWrite(Convert.ToInt32(tags[0].Value, CultureInfo.InvariantCulture)));
        _listener.Start();
    }

    public async Task<int> NextAsync() => await _codes.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public void Dispose() => _listener.Dispose();
}
