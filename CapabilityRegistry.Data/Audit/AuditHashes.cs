using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Data.Audit;

/// <summary>The hashes of the audit chain, as docs/audit.md defines them.</summary>
internal static class AuditHashes
{
    public const int Bytes = 32;

    /// <summary>What stands before the first link.</summary>
    public static byte[] Nothing { get; } = new byte[Bytes];

    public static byte[] Of(AuditEntry e)
    {
        using var form = new CanonicalForm("registry-audit-entry/1");
        return form.Add(e.TenantId).Add(e.AuditId).Add(e.ChangeId).Add(e.OccurredAt).Add(e.Actor).Add(e.ActorAddress).Add(e.Action)
            .Add(e.ResourceType).Add(e.ResourceId).Add(e.BeforeHash).Add(e.AfterHash).Add(e.RequestId).Hash();
    }

    /// <summary>Stands for the entry of an event that has none.</summary>
    public static byte[] OfNoEntry(string tenantId, Guid changeId)
    {
        using var form = new CanonicalForm("registry-audit-no-entry/1");
        return form.Add(tenantId).Add(changeId).Hash();
    }

    /// <summary>A link behind another one.</summary>
    public static byte[] OfLink(byte[] before, string tenantId, long ordinal, long position, long? auditId, Guid? changeId, byte[] entryHash)
    {
        using var form = new CanonicalForm("registry-audit-link/1", before);
        return form.Add(tenantId).Add(ordinal).Add(position).Add(auditId).Add(changeId).Add(entryHash).Hash();
    }
}
