using System.Diagnostics;
using System.Globalization;

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

    public void Dispose() => _http.Dispose();

    private async Task<Weight> WeighAsync(Watched watched, CancellationToken cancellationToken)
    {
        var metrics = await _http.GetStringAsync(new Uri($"http://127.0.0.1:{watched.MetricsPort}/metrics"), cancellationToken);
        var live = metrics.Split('\n').Where(line => line.StartsWith(LiveHeap, StringComparison.Ordinal)).Sum(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
        using var process = Process.GetProcessById(watched.ProcessId);
        return new(process.WorkingSet64, (long)live, process.Threads.Count, Directory.GetFiles($"/proc/{watched.ProcessId}/fd").Length);
    }
}
