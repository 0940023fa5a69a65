using CapabilityRegistry.Data.Events;

namespace CapabilityRegistry.Worker.Events;

/// <summary>Gives positions to committed events as they come, so that no reader has to. Any number of workers may run it.</summary>
internal sealed class SequencerService(PositionListener listener, Sequencer sequencer) : BackgroundService
{
    /// <summary>How long a committed event waits for its position at most, when no reader needs it earlier.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => listener.RepeatAsync(Interval, sequencer.RunAsync, stoppingToken);
}
