using CapabilityRegistry.Data.Audit;
using CapabilityRegistry.Data.Events;
using Npgsql;

namespace CapabilityRegistry.Worker.Audit;

/// <summary>Lets the audit chain follow the sequence.</summary>
/// <remarks>No event is ever parked: a chain that waits can be told from one that has a hole, and an event that is linked later would be out of order.</remarks>
internal sealed class AuditChainConsumer(AuditChain chain) : IEventConsumer
{
    public string Name => AuditChain.Consumer;

    public int BatchSize => 500;

    public async Task HandleAsync(IReadOnlyList<SequencedEvent> batch, CancellationToken cancellationToken)
    {
        try
        {
            await chain.AppendAsync(batch, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw new ConsumerUnavailableException("The audit chain cannot be written.", exception);
        }
    }
}
