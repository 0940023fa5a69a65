using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CapabilityRegistry.Data.Events;

/// <summary>Lets all writers of a process that have just committed share one run of the sequencer.</summary>
/// <remarks>A call gets the head of a run that began after it: everything that was committed before the call has a position then. What comes while a run is under way, or very
/// shortly after one, waits for the next one, together. That the positions become durable is nobody's wait: it follows by itself.</remarks>
public sealed partial class SequenceGate(Sequencer sequencer, ILogger<SequenceGate> logger)
{
    /// <summary>While writes follow each other, so much lies between two runs: one serves all that came meanwhile. Writers wait for it.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(4);

    /// <summary>The same between two publications, which nobody waits for but readers.</summary>
    private static readonly TimeSpan PublicationGathering = TimeSpan.FromMilliseconds(15);

    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;
    private Task<long>? _next;
    private Task? _publishing;
    private bool _publishAgain;
    private long _begun = Stopwatch.GetTimestamp() - Stopwatch.Frequency;

    /// <summary>The last position given, with everything before the call in it.</summary>
    /// <exception cref="NpgsqlException">The database does not answer. The events are safe; the worker gives them their positions later.</exception>
    public Task<long> AdvanceAsync()
    {
        lock (_lock)
        {
            return _next ??= RunAsync(_last);
        }
    }

    private async Task<long> RunAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        if (Gathering - Stopwatch.GetElapsedTime(_begun) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, TimeProvider.System);
        }

        lock (_lock)
        {
            (_last, _next, _begun) = (_next!, null, Stopwatch.GetTimestamp());
        }

        try
        {
            return await sequencer.AssignAsync(CancellationToken.None);
        }
        finally
        {
            lock (_lock)
            {
                Publish();
            }
        }
    }

    /// <summary>One publication at a time; what was assigned meanwhile is in the one that follows.</summary>
    private void Publish()
    {
        if (_publishing is null)
        {
            _publishing = PublishAsync();
        }
        else
        {
            _publishAgain = true;
        }
    }

    private async Task PublishAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            try
            {
                await sequencer.PublishAsync(CancellationToken.None);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                Log.PublishingFailed(logger, exception.Message);
            }

            lock (_lock)
            {
                if (!_publishAgain)
                {
                    _publishing = null;
                    return;
                }

                _publishAgain = false;
            }

            await Task.Delay(PublicationGathering, TimeProvider.System);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The head of the sequence could not be made durable; the worker does it when the database is back: {Reason}")]
        public static partial void PublishingFailed(ILogger logger, string reason);
    }
}
