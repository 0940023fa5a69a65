using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Tenancy;

namespace CapabilityRegistry.Api.Events;

/// <summary>Learns of every event in this process, in order.</summary>
internal interface IEventFollower
{
    /// <summary>The events that follow those of the call before. Quick, and never throws.</summary>
    void Follow(IReadOnlyList<SequencedEvent> events);

    /// <summary>Events may have been missed: whatever was remembered because none had come is in doubt.</summary>
    void Lose();
}

/// <summary>Reads the sequence once for the whole process, up to its durable head, and tells everybody here who follows it.</summary>
/// <remarks>Begins at the head of the first look: what is older is in the tables. When the database was away it begins anew, and says so.</remarks>
internal sealed class EventTail(PositionListener listener, SystemDatabase database, IEnumerable<IEventFollower> followers) : BackgroundService
{
    private const int BatchSize = 1_000;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private readonly IEventFollower[] _followers = [.. followers];
    private readonly Lock _lock = new();
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _position = -1;

    /// <summary>How far the followers of this process have come; negative before the first look.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Waits until the followers of this process have come as far as a position.</summary>
    public async Task WaitForAsync(long position, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Interest is registered before the look.
            Task moved;
            lock (_lock)
            {
                moved = _moved.Task;
            }

            if (Position >= position)
            {
                return;
            }

            await moved.WaitAsync(cancellationToken);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => listener.FollowAsync(PollInterval, FollowAsync, stoppingToken);

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            if (_position < 0)
            {
                // What was remembered before the first look may be older than it.
                var head = await EventReader.HeadAsync(connection, cancellationToken);
                Array.ForEach(_followers, f => f.Lose());
                MoveTo(head);
            }

            while (await EventReader.ReadAsync(connection, _position, BatchSize, cancellationToken) is { Count: > 0 } events)
            {
                Array.ForEach(_followers, f => f.Follow(events));
                MoveTo(events[^1].Position);
            }
        }
        catch
        {
            Volatile.Write(ref _position, -1);
            throw;
        }
    }

    private void MoveTo(long position)
    {
        TaskCompletionSource moved;
        lock (_lock)
        {
            Volatile.Write(ref _position, position);
            (moved, _moved) = (_moved, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        moved.SetResult();
    }
}
