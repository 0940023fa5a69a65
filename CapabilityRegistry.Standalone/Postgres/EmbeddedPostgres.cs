using Microsoft.Extensions.Logging.Abstractions;

namespace CapabilityRegistry.Standalone.Postgres;

/// <summary>
/// A PostgreSQL server that this process makes, starts, owns and stops, on 127.0.0.1 and in a folder of its own. It survives kill -9 of the server, of
/// this process or of both: the next start recovers the server, or takes over the one that still runs.
/// </summary>
internal sealed partial class EmbeddedPostgres : IAsyncDisposable
{
    private const int PortAttempts = 5;

    private static readonly TimeSpan SupervisionInterval = TimeSpan.FromSeconds(1);

    private readonly EmbeddedPostgresOptions _options;
    private readonly DataFolder _folder;
    private readonly UnprivilegedUser _user;
    private readonly PgCtl _control;
    private readonly ServerAccess _access;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _stopped;
    private bool _disposed;

    private EmbeddedPostgres(EmbeddedPostgresOptions options, DataFolder folder, UnprivilegedUser user, PgCtl control, ServerAccess access, TimeProvider time, ILogger logger)
    {
        (_options, _folder, _user, _control, _access, _time, _logger) = (options, folder, user, control, access, time, logger);
    }

    /// <summary>The port that the server listens on.</summary>
    public int Port { get; private set; }

    /// <summary>Of the application's role on <see cref="EmbeddedPostgresOptions.Database"/>.</summary>
    public string ConnectionString => ConnectionStringFor(_options.Database);

    /// <summary>Of the tables' owner on <see cref="EmbeddedPostgresOptions.Database"/>.</summary>
    public string OwnerConnectionString => _access.ForOwner(Port, _options.Database);

    /// <summary>The folder in which PostgreSQL keeps its data.</summary>
    public string Cluster => _folder.Cluster;

    /// <summary>A secret that only this cluster gives for a purpose, the same one every time.</summary>
    public string Derive(string purpose) => _access.Derive(purpose);

    /// <summary>Of the superuser on the database postgres: to create and clone databases.</summary>
    public string SuperuserConnectionString => _access.ForSuperuser(Port, "postgres");

    /// <summary>Makes the cluster when there is none, starts or takes over its server, and makes the application's role and database.</summary>
    /// <exception cref="EmbeddedPostgresException">It cannot be done; the message says why and what to do.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(
        EmbeddedPostgresOptions options, ILogger<EmbeddedPostgres>? logger = null, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new EmbeddedPostgresException("The embedded PostgreSQL needs Linux or macOS (WSL will do). On Windows set ConnectionStrings__registry to a server.");
        }

        var folder = DataFolder.Open(options.DataDirectory);
        EmbeddedPostgres? server = null;
        try
        {
            server = await PrepareAsync(options, folder, logger ?? NullLogger<EmbeddedPostgres>.Instance, time ?? TimeProvider.System, cancellationToken);
            await server.RunServerAsync(cancellationToken);
            await server.EnsureDatabaseAsync(options.Database, cancellationToken);
            return server;
        }
        catch
        {
            await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
            folder.Dispose();
            throw;
        }
    }

    public string ConnectionStringFor(string database) => _access.ForApplication(Port, database);

    public Task EnsureDatabaseAsync(string database, CancellationToken cancellationToken) => _access.EnsureDatabaseAsync(Port, database, cancellationToken);

    /// <summary>Starts the server anew, on the same port, whenever it is gone, until cancelled: it may be killed for memory while this process is not.</summary>
    public async Task SuperviseAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(SupervisionInterval, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await ReviveAsync(cancellationToken);
        }
    }

    /// <summary>Ends every connection and stops the server; at once when that takes too long, which loses nothing that was committed.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _stopped = true;
            await _control.StopAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops the server if it runs, and gives the folder free: after that its server may be somebody else's.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            await StopAsync(CancellationToken.None);
        }
        catch (EmbeddedPostgresException exception)
        {
            Log.NotStopped(_logger, exception);
        }

        _folder.Dispose();
        _turn.Dispose();
    }

    private static async Task<EmbeddedPostgres> PrepareAsync(
        EmbeddedPostgresOptions options, DataFolder folder, ILogger logger, TimeProvider time, CancellationToken cancellationToken)
    {
        var programs = new ChildProcess(time);
        var user = await UnprivilegedUser.FindAsync(programs, cancellationToken);
        await user.RequireReachableAsync(folder.Root, "The data folder", cancellationToken);
        var binaries = await PostgresBinaries.FindAsync(options.BinariesFolder, options.Fresh ? null : folder.ClusterMajor, programs, cancellationToken);
        await user.RequireReachableAsync(binaries.Folder, "The folder of PostgreSQL", cancellationToken);
        var control = new PgCtl(binaries, user, folder.Cluster, logger);
        var cluster = new Cluster(folder, binaries, user, programs, time, logger);
        if (options.Fresh)
        {
            await cluster.DiscardAsync(control, cancellationToken);
        }

        await cluster.EnsureAsync(options, cancellationToken);
        return new EmbeddedPostgres(options, folder, user, control, new ServerAccess(options, folder.ReadPassword(), time), time, logger);
    }

    private async Task ReviveAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!_stopped && Postmaster.Find(_folder.Cluster) is null)
            {
                Log.Gone(_logger);
                await StartServerAsync(Port, cancellationToken);
            }
        }
        catch (EmbeddedPostgresException exception)
        {
            Log.NotRevived(_logger, exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task RunServerAsync(CancellationToken cancellationToken)
    {
        if (Postmaster.Find(_folder.Cluster) is { } running)
        {
            if (await IsAsWantedAsync(running, cancellationToken))
            {
                Port = running.Port;
                Log.TakenOver(_logger, running.ProcessId, Port);
                return;
            }

            await _control.StopAsync(cancellationToken);
        }

        await StartOnSomePortAsync(cancellationToken);
    }

    private async Task<bool> IsAsWantedAsync(Postmaster running, CancellationToken cancellationToken) =>
        (_options.Port == 0 || _options.Port == running.Port)
        && _folder.ReadSettings() == ServerSettings.For(_options, running.Port)
        && await _access.RefusalAsync(running.Port, cancellationToken) is null;

    private async Task StartOnSomePortAsync(CancellationToken cancellationToken)
    {
        if (_options.Port != 0)
        {
            await StartServerAsync(_options.Port, cancellationToken);
            return;
        }

        var port = _folder.RememberedPort;
        for (var attempt = 1; ; attempt++)
        {
            port = port != 0 && LoopbackPort.IsFree(port) ? port : LoopbackPort.PickFree();
            try
            {
                await StartServerAsync(port, cancellationToken);
                _folder.RememberedPort = port;
                return;
            }
            catch (EmbeddedPostgresException) when (attempt < PortAttempts && !LoopbackPort.IsFree(port))
            {
                // Somebody took it between the look and the start: another one, then.
                port = 0;
            }
        }
    }

    private async Task StartServerAsync(int port, CancellationToken cancellationToken)
    {
        if (!LoopbackPort.IsFree(port))
        {
            throw new EmbeddedPostgresException($"Port {port} on 127.0.0.1 is in use by another program. Stop that one, or choose another port for PostgreSQL.");
        }

        await Postmaster.ClearAfterKillAsync(_folder.Cluster, _time, cancellationToken);
        await _user.OwnAsync(_folder.Cluster, cancellationToken);
        _folder.WriteSettings(ServerSettings.For(_options, port));
        var begin = _time.GetTimestamp();
        var result = await _control.StartAsync(_options.StartTimeout, cancellationToken);
        if ((result.Succeeded ? await _access.RefusalAsync(port, cancellationToken) : result.Output) is { } reason)
        {
            throw new EmbeddedPostgresException($"PostgreSQL did not start on port {port}: {reason}{Environment.NewLine}{await _control.LogTailAsync(cancellationToken)}");
        }

        Port = port;
        Log.Started(_logger, port, _folder.Cluster, _user.Name, _time.GetElapsedTime(begin).TotalMilliseconds);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "PostgreSQL listens on 127.0.0.1:{Port}, data in {Cluster}, as user {User}, started in {DurationMs:0} ms")]
        public static partial void Started(ILogger logger, int port, string cluster, string user, double durationMs);

        [LoggerMessage(2, LogLevel.Information, "Took over the PostgreSQL that an earlier run left: process {ProcessId}, port {Port}")]
        public static partial void TakenOver(ILogger logger, int processId, int port);

        [LoggerMessage(3, LogLevel.Error, "PostgreSQL is gone; starting it anew")]
        public static partial void Gone(ILogger logger);

        [LoggerMessage(4, LogLevel.Error, "PostgreSQL could not be started anew; trying again")]
        public static partial void NotRevived(ILogger logger, Exception exception);

        [LoggerMessage(5, LogLevel.Error, "PostgreSQL could not be stopped")]
        public static partial void NotStopped(ILogger logger, Exception exception);
    }
}
