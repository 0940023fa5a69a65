using System.Diagnostics.Metrics;

namespace CapabilityRegistry.Api.Analytics;

/// <summary>What Npgsql tells of the connections of this process.</summary>
/// <param name="Used">The connections that somebody works with.</param>
/// <param name="Idle">Those that are ready.</param>
/// <param name="Most">Those that there can be.</param>
/// <param name="Waiting">Those who wait for one.</param>
internal sealed record ConnectionPools(long Used, long Idle, long Most, long Waiting)
{
    /// <summary>Asks for the present numbers, of all pools together.</summary>
    public static ConnectionPools Read()
    {
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument is { Meter.Name: "Npgsql", IsObservable: true })
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return new(
            sums.GetValueOrDefault("db.client.connection.count/used"),
            sums.GetValueOrDefault("db.client.connection.count/idle"),
            sums.GetValueOrDefault("db.client.connection.max"),
            sums.GetValueOrDefault("db.client.connection.npgsql.pending_requests"));

        void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = instrument.Name;
            foreach (var (tag, state) in tags)
            {
                name = tag == "db.client.connection.state" ? $"{name}/{state}" : name;
            }

            sums[name] = sums.GetValueOrDefault(name) + value;
        }
    }
}
