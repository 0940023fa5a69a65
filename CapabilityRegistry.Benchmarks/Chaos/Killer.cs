using System.Collections.Concurrent;
using System.Diagnostics;
using CapabilityRegistry.Benchmarks.Processes;
using CapabilityRegistry.Standalone.Postgres;

namespace CapabilityRegistry.Benchmarks.Chaos;

/// <summary>Ends a process, chosen at random, at a random moment, again and again.</summary>
internal sealed class Killer(RunningSystem system, string cluster, int seed)
{
    private const string Database = "postgres";
    private const int ShortestPauseMs = 2_000;
    private const int LongestPauseMs = 14_000;

    /// <summary>Everything that is killed.</summary>
    public static readonly string[] Victims = [Programs.Api, Programs.Worker, Database];

    private readonly Random _random = new(seed);

    /// <summary>How often each was killed.</summary>
    public ConcurrentDictionary<string, int> Kills { get; } = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_random.Next(ShortestPauseMs, LongestPauseMs), cancellationToken);
                var victim = Victims[_random.Next(Victims.Length)];
                if (victim == Database ? KillDatabase() : KillProgram(victim))
                {
                    Kills.AddOrUpdate(victim, 1, (_, count) => count + 1);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The time is up.
        }
    }

    private bool KillProgram(string name)
    {
        try
        {
            system.Kill(name);
            return true;
        }
        catch (InvalidOperationException)
        {
            // It has just been killed and is not back yet.
            return false;
        }
    }

    /// <summary>The server with all of its workers: whatever is in its memory is gone.</summary>
    private bool KillDatabase()
    {
        if (Postmaster.Find(cluster) is not { } server)
        {
            return false;
        }

        int[] workers = [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(int.Parse!).Where(id => ParentOf(id) == server.ProcessId)];
        foreach (var id in workers.Prepend(server.ProcessId))
        {
            Kill(id);
        }

        return true;
    }

    private static int ParentOf(int id)
    {
        try
        {
            return int.Parse(File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
