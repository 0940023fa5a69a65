using System.Diagnostics;
using System.Globalization;

namespace CapabilityRegistry.Standalone.Postgres;

/// <summary>
/// The running server of a cluster, found through the postmaster.pid that it keeps in the cluster. That file outlives a kill and is copied with the
/// folder, so what it says is believed only when the process is a server that works in this very cluster.
/// </summary>
internal sealed record Postmaster(int ProcessId, int Port)
{
    private static readonly bool HasProc = Directory.Exists("/proc/self/cwd");

    private static string FileIn(string cluster) => Path.Combine(cluster, "postmaster.pid");

    /// <summary>Null when no server runs on this cluster.</summary>
    public static Postmaster? Find(string cluster)
    {
        try
        {
            var lines = File.ReadAllLines(FileIn(cluster));
            return lines is [var id, var directory, _, var portText, ..]
                && int.TryParse(id, CultureInfo.InvariantCulture, out var processId)
                && int.TryParse(portText, CultureInfo.InvariantCulture, out var port)
                && directory == cluster && IsServerOf(cluster, processId, whenHidden: true)
                ? new Postmaster(processId, port)
                : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Clears the way for a start after the server was killed: ends its orphaned workers (they hold the shared memory, and may be deep in a statement), then
    /// removes a pid file whose number has meanwhile been given to another process, which PostgreSQL would take for a running server. Only for
    /// a cluster on which <see cref="Find"/> answers null.
    /// </summary>
    public static async Task ClearAfterKillAsync(string cluster, TimeProvider time, CancellationToken cancellationToken)
    {
        // Without /proc nothing tells an orphan from a stranger: PostgreSQL's own checks decide.
        if (!HasProc || !File.Exists(FileIn(cluster)))
        {
            return;
        }

        for (var attempt = 0; Workers(cluster) is { Count: > 0 } workers && attempt < 50; attempt++)
        {
            if (attempt == 10)
            {
                workers.ForEach(Kill);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }

        File.Delete(FileIn(cluster));
    }

    private static List<int> Workers(string cluster) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && IsServerOf(cluster, id, whenHidden: false))];

    private static bool IsServerOf(string cluster, int processId, bool whenHidden)
    {
        try
        {
            return HasProc
                ? IsServerProgram($"/proc/{processId}") && WorksIn(processId, cluster, whenHidden)
                : Process.GetProcessById(processId) is { HasExited: false };
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            return false;
        }
    }

    // What has ended keeps its name until its parent fetches the exit code, in a container maybe for ever, but no command line.
    private static bool IsServerProgram(string process) =>
        File.ReadAllText($"{process}/comm").TrimEnd() is "postgres" or "postmaster" && File.ReadAllText($"{process}/cmdline").Length > 0;

    // Root in a container may lack the right to see where another user's process works. Then the pid file is believed, but nothing is killed.
    private static bool WorksIn(int processId, string cluster, bool whenHidden) =>
        new FileInfo($"/proc/{processId}/cwd").LinkTarget is { } folder ? folder == cluster : whenHidden;

    private static void Kill(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended by itself.
        }
    }
}
