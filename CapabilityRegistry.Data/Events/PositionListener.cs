using Microsoft.Extensions.Logging;
using Npgsql;

namespace CapabilityRegistry.Data.Events;

/// <summary>Calls back whenever the sequence may have moved: at the start, on every announcement, and by the clock in case an announcement was lost.</summary>
public sealed partial class PositionListener(NpgsqlDataSource dataSource, TimeProvider clock, ILogger<PositionListener> logger)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>Runs until cancelled. A failure of the database or of the callback is logged, waited out and tried again.</summary>
    /// <param name="channel">The channel of PostgreSQL to listen to, or null to go by the clock alone.</param>
    /// <param name="pollInterval">The longest time between two calls.</param>
    /// <param name="onMoved">Idempotent; called with nothing to do at least once per poll.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    public async Task RunAsync(string? channel, TimeSpan pollInterval, Func<CancellationToken, Task> onMoved, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(onMoved);
        var pause = TimeSpan.FromMilliseconds(200);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(channel, pollInterval, onMoved, () => pause = TimeSpan.FromMilliseconds(200), cancellationToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or InvalidOperationException && !cancellationToken.IsCancellationRequested)
            {
                Log.ListeningFailed(logger, exception, pause.TotalMilliseconds);
                await Task.Delay(pause, clock, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>Interest is registered before the first look, so that nothing falls between the two.</summary>
    private async Task ListenAsync(string? channel, TimeSpan pollInterval, Func<CancellationToken, Task> onMoved, Action onHealthy, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (channel is not null)
        {
            await using var listen = new NpgsqlCommand($"LISTEN {channel}", connection);
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            await onMoved(cancellationToken);
            onHealthy();
            await connection.WaitAsync(pollInterval, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Listening to the event sequence failed; trying again in {PauseMs} ms.")]
        public static partial void ListeningFailed(ILogger logger, Exception exception, double pauseMs);
    }
}
