namespace CapabilityRegistry.Standalone.Postgres;

/// <summary>
/// Starts and stops the server through pg_ctl, which gives it a session of its own: Ctrl+C in our terminal does not reach it. pg_ctl builds a shell command
/// from what it is given, so it is given no path: the cluster is in PGDATA, and the first log lies in the working folder.
/// </summary>
internal sealed partial class PgCtl(PostgresBinaries binaries, UnprivilegedUser user, string cluster, ILogger logger)
{
    private const string StartLog = "start.log";

    private static readonly TimeSpan FastStop = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ImmediateStop = TimeSpan.FromSeconds(10);

    // pg_ctl bounds itself (-t); this is what it gets beyond that.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public Task<ChildResult> StartAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        File.Delete(Path.Combine(cluster, StartLog));
        return RunAsync(["start", "-l", StartLog], timeout, cancellationToken);
    }

    /// <summary>Stops the server if one runs: first orderly, and at once when that takes too long.</summary>
    /// <exception cref="EmbeddedPostgresException">It still runs.</exception>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!IsRunning || (await RunAsync(["stop", "-m", "fast"], FastStop, cancellationToken)).Succeeded || !IsRunning)
        {
            return;
        }

        Log.StoppingAtOnce(logger);
        var result = await RunAsync(["stop", "-m", "immediate"], ImmediateStop, cancellationToken);
        if (IsRunning)
        {
            result.Require("Stopping PostgreSQL");
        }
    }

    /// <summary>The end of what the server wrote last, read as its own user.</summary>
    public async Task<string> LogTailAsync(CancellationToken cancellationToken)
    {
        var folder = new DirectoryInfo(Path.Combine(cluster, "log"));
        var newest = folder.Exists ? folder.EnumerateFiles("*.log").MaxBy(file => file.LastWriteTimeUtc)?.FullName : null;
        string[] logs = newest is null ? [StartLog] : [StartLog, newest];
        return (await user.RunAsync(new ChildCommand("tail", ["-n", "15", .. logs]) { WorkingDirectory = cluster }, cancellationToken)).Output;
    }

    private bool IsRunning => Postmaster.Find(cluster) is not null;

    private Task<ChildResult> RunAsync(string[] arguments, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var command = new ChildCommand(binaries.PgCtl, [.. arguments, "-s", "-w", "-t", $"{Math.Ceiling(timeout.TotalSeconds):0}"])
        {
            WorkingDirectory = cluster,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PGDATA"] = cluster },
            Timeout = timeout + Grace,
        };
        return user.RunAsync(command, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(11, LogLevel.Warning, "PostgreSQL did not stop in time; stopping it at once, its next start will recover")]
        public static partial void StoppingAtOnce(ILogger logger);
    }
}
