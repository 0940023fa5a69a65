using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CapabilityRegistry.Data.Events;

/// <summary>Calls back whenever the sequence may have moved: at the start, on every announcement, and by the clock in case an announcement was lost.</summary>
public sealed partial class PositionListener(SequenceAnnouncements announcements, TimeProvider clock, ILogger<PositionListener> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>While announcement follows announcement, so much lies between two calls: what came meanwhile is dealt with together.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs until cancelled. A failure of the database or of the callback is logged, waited out and tried again.</summary>
    /// <param name="pollInterval">The longest time between two calls.</param>
    /// <param name="onMoved">Idempotent; called with nothing to do at least once per poll.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    public Task FollowAsync(TimeSpan pollInterval, Func<CancellationToken, Task> onMoved, CancellationToken cancellationToken) =>
        RunAsync(announcements.NextAsync, pollInterval, onMoved, cancellationToken);

    /// <summary>The same by the clock alone.</summary>
    public Task RepeatAsync(TimeSpan interval, Func<CancellationToken, Task> action, CancellationToken cancellationToken) =>
        RunAsync(static () => Task.Delay(Timeout.Infinite), interval, action, cancellationToken);

    /// <summary>Interest is registered before the look, so that nothing falls between the two.</summary>
    private async Task RunAsync(Func<Task> next, TimeSpan interval, Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(action);
        var pause = FirstPause;
        while (!cancellationToken.IsCancellationRequested)
        {
            var (announced, begun) = (next(), Stopwatch.GetTimestamp());
            try
            {
                await action(cancellationToken);
                pause = FirstPause;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or InvalidOperationException && !cancellationToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception, pause.TotalMilliseconds);
                await Task.Delay(pause, clock, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                continue;
            }

            await WaitAsync(announced, interval, cancellationToken);
            await GatherAsync(begun, cancellationToken);
        }
    }

    private async Task WaitAsync(Task announced, TimeSpan interval, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(announced, Task.Delay(interval, clock, waiting.Token));
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>By the wall clock, whatever the time is: it is about load.</summary>
    private static async Task GatherAsync(long begun, CancellationToken cancellationToken)
    {
        if (Gathering - Stopwatch.GetElapsedTime(begun) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, TimeProvider.System, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Following the event sequence failed; trying again in {PauseMs} ms.")]
        public static partial void Failed(ILogger logger, Exception exception, double pauseMs);
    }
}
