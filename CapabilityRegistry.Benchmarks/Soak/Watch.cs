using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;

namespace CapabilityRegistry.Benchmarks.Soak;

/// <summary>A process that is looked at.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="ProcessId">Which it is.</param>
/// <param name="MetricsPort">Where it tells of itself.</param>
internal sealed record Watched(string Name, int ProcessId, int MetricsPort);

/// <summary>What a process had at a moment.</summary>
/// <param name="Resident">Bytes in memory.</param>
/// <param name="Live">Bytes that the last collection left on the heap.</param>
/// <param name="Threads">Its threads.</param>
/// <param name="Handles">Its open files and sockets.</param>
internal sealed record Weight(long Resident, long Live, int Threads, int Handles);

/// <summary>Weighs processes again and again.</summary>
internal sealed class Watch(IReadOnlyList<Watched> processes) : IDisposable
{
    private const string LiveHeap = "dotnet_gc_last_collection_heap_size_bytes{";
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";

    /// <summary>GCHeapCollect: a session that asks for it has the process collect everything.</summary>
    private const long Collect = 0x80_0000;

    /// <summary>Longer than such a collection takes, and than the metrics are kept by who reads them.</summary>
    private static readonly TimeSpan Collecting = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler());
    private readonly Dictionary<string, List<Weight>> _weights = processes.ToDictionary(p => p.Name, _ => new List<Weight>(), StringComparer.Ordinal);

    /// <summary>What each had, in the order of time.</summary>
    public IReadOnlyDictionary<string, List<Weight>> Weights => _weights;

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                foreach (var process in processes)
                {
                    var weight = await WeighAsync(process, stop);
                    _weights[process.Name].Add(weight);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The time is up.
        }
    }

    /// <summary>Has every process collect everything that is dead, and weighs what is left.</summary>
    public async Task<IReadOnlyDictionary<string, Weight>> CollectAsync(CancellationToken cancellationToken)
    {
        var left = new Dictionary<string, Weight>(StringComparer.Ordinal);
        foreach (var process in processes)
        {
            var client = new DiagnosticsClient(process.ProcessId);
            using var session = await client.StartEventPipeSessionAsync([new EventPipeProvider(Runtime, EventLevel.Informational, Collect)], requestRundown: false, circularBufferMB: 1, cancellationToken);
            var told = session.EventStream.CopyToAsync(Stream.Null, cancellationToken);
            await Task.Delay(Collecting, cancellationToken);
            await session.StopAsync(cancellationToken);
            await told;
            left.Add(process.Name, await WeighAsync(process, cancellationToken));
        }

        return left;
    }

    public void Dispose() => _http.Dispose();

    private async Task<Weight> WeighAsync(Watched watched, CancellationToken cancellationToken)
    {
        var metrics = await _http.GetStringAsync(new Uri($"http://127.0.0.1:{watched.MetricsPort}/metrics"), cancellationToken);
        var live = metrics.Split('\n').Where(line => line.StartsWith(LiveHeap, StringComparison.Ordinal)).Sum(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
        using var process = Process.GetProcessById(watched.ProcessId);
        return new(process.WorkingSet64, (long)live, process.Threads.Count, Directory.GetFiles($"/proc/{watched.ProcessId}/fd").Length);
    }
}
