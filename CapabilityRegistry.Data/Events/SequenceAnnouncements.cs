using CapabilityRegistry.Data.Tenancy;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CapabilityRegistry.Data.Events;

/// <summary>Hears for the whole process, on one connection, that the sequence has moved. A hint and no more: one can be lost.</summary>
public sealed partial class SequenceAnnouncements(SystemDatabase database, TimeProvider clock, ILogger<SequenceAnnouncements> logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the next announcement. Ask for it before looking at the tables.</summary>
    public Task NextAsync()
    {
        lock (_lock)
        {
            return _next.Task;
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(() => pause = FirstPause, stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or InvalidOperationException && !stoppingToken.IsCancellationRequested)
            {
                Log.ListeningFailed(logger, exception, pause.TotalMilliseconds);
                await Task.Delay(pause, clock, stoppingToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>What was announced while nobody listened is made up for by one announcement at the beginning. A connection that died without a word is found by a probe.</summary>
    private async Task ListenAsync(Action onHealthy, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        connection.Notification += (_, _) => Announce();
        await using (var listen = new NpgsqlCommand($"LISTEN {EventChannels.Sequenced}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        Announce();
        onHealthy();
        while (true)
        {
            if (!await connection.WaitAsync(ProbeInterval, cancellationToken))
            {
                await using var probe = new NpgsqlCommand("SELECT 1", connection);
                await probe.ExecuteScalarAsync(cancellationToken);
            }
        }
    }

    private void Announce()
    {
        TaskCompletionSource announced;
        lock (_lock)
        {
            (announced, _next) = (_next, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        announced.SetResult();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Listening to the event sequence failed; trying again in {PauseMs} ms.")]
        public static partial void ListeningFailed(ILogger logger, Exception exception, double pauseMs);
    }
}
