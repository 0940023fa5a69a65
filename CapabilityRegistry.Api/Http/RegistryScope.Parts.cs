using Microsoft.EntityFrameworkCore.Storage;

namespace CapabilityRegistry.Api.Http;

/// <summary>Parts of a write that stand for themselves: each has a precondition of its own, and is kept or taken back without the others.</summary>
internal sealed partial class RegistryScope
{
    private const string Savepoint = "part";

    private Part? _part;

    private IDbContextTransaction Transaction => Database.Database.CurrentTransaction ?? throw new InvalidOperationException("Only a write has parts.");

    /// <summary>Begins a part.</summary>
    /// <param name="ifMatch">What the part was thought for, in the words of If-Match; null for any state.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task BeginPartAsync(string? ifMatch, CancellationToken cancellationToken)
    {
        await Transaction.CreateSavepointAsync(Savepoint, cancellationToken);
        _part = new(ifMatch, _afterCommit.Count);
    }

    /// <summary>Ends the part that was begun last: everything since then stays in the write, or is as if it had not been.</summary>
    public async Task EndPartAsync(bool isKept, CancellationToken cancellationToken)
    {
        if (!isKept)
        {
            await Transaction.RollbackToSavepointAsync(Savepoint, cancellationToken);
            _afterCommit.RemoveRange(_part!.FirstAction, _afterCommit.Count - _part.FirstAction);
        }

        Database.ChangeTracker.Clear();
        await Transaction.ReleaseSavepointAsync(Savepoint, cancellationToken);
        _part = null;
    }

    private sealed record Part(string? IfMatch, int FirstAction);
}
