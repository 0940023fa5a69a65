namespace CapabilityRegistry.Api.Http;

/// <summary>Lets those who name the same thing go one after the other. Holds only the names that somebody is at or waits for.</summary>
internal sealed class Turns
{
    private readonly Dictionary<string, Queue> _queues = new(StringComparer.Ordinal);

    /// <summary>Waits for one's turn, which ends when the result is disposed.</summary>
    /// <returns>Null when the wait was too long.</returns>
    public async Task<IDisposable?> TakeAsync(string name, TimeSpan longest, CancellationToken cancellationToken)
    {
        var queue = Join(name);
        try
        {
            if (await queue.Gate.WaitAsync(longest, cancellationToken))
            {
                return new Turn(this, name, queue);
            }
        }
        catch
        {
            Leave(name, queue);
            throw;
        }

        Leave(name, queue);
        return null;
    }

    private Queue Join(string name)
    {
        lock (_queues)
        {
            if (!_queues.TryGetValue(name, out var queue))
            {
                _queues.Add(name, queue = new());
            }

            queue.Members++;
            return queue;
        }
    }

    private void Leave(string name, Queue queue)
    {
        lock (_queues)
        {
            if (--queue.Members == 0)
            {
                _queues.Remove(name);
                queue.Gate.Dispose();
            }
        }
    }

    private sealed class Queue
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public int Members { get; set; }
    }

    private sealed class Turn(Turns turns, string name, Queue queue) : IDisposable
    {
        public void Dispose()
        {
            queue.Gate.Release();
            turns.Leave(name, queue);
        }
    }
}
