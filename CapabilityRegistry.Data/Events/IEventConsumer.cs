namespace CapabilityRegistry.Data.Events;

/// <summary>Does something with every event of the sequence, in order, at least once. Run by the worker's relay, by one worker at a time.</summary>
public interface IEventConsumer
{
    /// <summary>The key of its stored position: kebab-case, for ever.</summary>
    string Name { get; }

    /// <summary>The number of events that it takes at a time at most.</summary>
    int BatchSize { get; }

    /// <summary>Deals with a batch. Idempotent: after a crash it comes again, in the same or another cut.</summary>
    /// <exception cref="ConsumerUnavailableException">Something that it needs is away: nothing is wrong with the events, and they are tried until it is back.</exception>
    Task HandleAsync(IReadOnlyList<SequencedEvent> batch, CancellationToken cancellationToken);
}

/// <summary>Something that a consumer needs does not answer.</summary>
public sealed class ConsumerUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
