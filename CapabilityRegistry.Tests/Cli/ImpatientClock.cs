namespace CapabilityRegistry.Tests.Cli;

/// <summary>A clock on which waits are over at once, with the time that they would have taken gone by. What is as long as a time-out never ends.</summary>
internal sealed class ImpatientClock : TimeProvider
{
    private static readonly TimeSpan TimeOut = TimeSpan.FromMinutes(5);

    private readonly List<TimeSpan> _waits = [];
    private TimeSpan _passed;

    /// <summary>The waits, in order.</summary>
    public IReadOnlyList<TimeSpan> Waits => _waits;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _passed;

    public void Advance(TimeSpan time) => _passed += time;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= TimeOut || dueTime < TimeSpan.Zero)
        {
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
        }

        _waits.Add(dueTime);
        Advance(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
