using Npgsql;

namespace CapabilityRegistry.Worker.Housekeeping;

/// <summary>Removes what has become too old, in small transactions, by the clock. Any number of workers may run it.</summary>
/// <remarks>Nothing may depend on when: so an outage is only waited out.</remarks>
internal abstract partial class Sweeper(TimeProvider clock, ILogger logger) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Small enough that no transaction of it holds up the vacuum or a replica.</summary>
    public const int BatchSize = 1_000;

    /// <summary>Removes everything that is too old.</summary>
    /// <returns>How many rows that were.</returns>
    public async Task<long> SweepAsync(CancellationToken cancellationToken)
    {
        var (total, removed) = (0L, BatchSize);
        while (removed == BatchSize)
        {
            removed = await SweepBatchAsync(BatchSize, cancellationToken);
            total += removed;
        }

        return total;
    }

    /// <summary>Removes some rows at most.</summary>
    /// <returns>How many there were.</returns>
    protected abstract Task<int> SweepBatchAsync(int most, CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                if (await SweepAsync(stoppingToken) is > 0 and var removed)
                {
                    Log.Swept(logger, GetType().Name, removed);
                }
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                Log.Failed(logger, GetType().Name, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Sweeper} removed {Rows} rows that were too old.")]
        public static partial void Swept(ILogger logger, string sweeper, long rows);

        [LoggerMessage(LogLevel.Warning, "{Sweeper} could not remove what is too old; trying again in an hour: {Reason}")]
        public static partial void Failed(ILogger logger, string sweeper, string reason);
    }
}
