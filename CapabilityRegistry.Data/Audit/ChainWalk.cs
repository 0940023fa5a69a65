using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Data.Audit;

/// <summary>Goes along a chain link by link and compares each with what it should be. Remembers nothing but the link before.</summary>
internal sealed class ChainWalk(long ordinal, byte[] before, long position)
{
    private byte[] _before = before;
    private long _position = position;

    /// <summary>The ordinal of the next link.</summary>
    public long Ordinal { get; private set; } = ordinal;

    /// <summary>What is wrong with the next link; null when nothing is.</summary>
    /// <param name="link">The next link that there is.</param>
    /// <param name="entry">The entry of the link's change, if there is one.</param>
    /// <param name="sealedNow">What the seal should be, when the link is that.</param>
    public ChainFault? Step(AuditLink link, AuditEntry? entry, byte[]? sealedNow)
    {
        if (link.Ordinal != Ordinal)
        {
            return new(ChainFaultKind.Missing, Ordinal, null, null);
        }

        if (KindOf(link, entry, sealedNow) is { } kind)
        {
            return new(kind, link.Ordinal, link.Position, entry?.AuditId ?? link.AuditId);
        }

        (Ordinal, _before, _position) = (Ordinal + 1, link.LinkHash, link.Position);
        return null;
    }

    private ChainFaultKind? KindOf(AuditLink link, AuditEntry? entry, byte[]? sealedNow)
    {
        if (link.Ordinal > 0 && link.Position <= _position)
        {
            return ChainFaultKind.Reordered;
        }

        if (link.Ordinal > 0 && (entry?.AuditId, link.AuditId) is var (found, named) && found != named)
        {
            return named is null ? ChainFaultKind.Inserted : found is null ? ChainFaultKind.Missing : ChainFaultKind.Reordered;
        }

        // A link that does not follow from the one before is broken, also when somebody has made it fit an altered entry.
        var hash = sealedNow ?? (entry is null ? AuditHashes.OfNoEntry(link.TenantId, link.ChangeId ?? Guid.Empty) : AuditHashes.Of(entry));
        return !Continues(link) ? ChainFaultKind.BrokenLink : !hash.AsSpan().SequenceEqual(link.EntryHash) ? ChainFaultKind.Altered : null;
    }

    private bool Continues(AuditLink link) =>
        AuditHashes.OfLink(_before, link.TenantId, link.Ordinal, link.Position, link.AuditId, link.ChangeId, link.EntryHash).AsSpan().SequenceEqual(link.LinkHash);
}
