using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CapabilityRegistry.Data.Model;

/// <summary>A link of a tenant's audit chain: one event of the sequence with its audit entry, bound by hash to everything before it. Nobody changes or removes one.</summary>
public sealed class AuditLink : ITenantOwned
{
    public required string TenantId { get; init; }

    /// <summary>The place in the tenant's chain, without gaps. 0 is the seal of what was there before the chain.</summary>
    public required long Ordinal { get; init; }

    /// <summary>The event's place in the one sequence; 0 of the seal.</summary>
    public required long Position { get; init; }

    /// <summary>The entry; null when the event had none. Of the seal, the last entry that is sealed.</summary>
    public long? AuditId { get; init; }

    /// <summary>The change that event and entry tell of; null of the seal.</summary>
    public Guid? ChangeId { get; init; }

    /// <summary>SHA-256 of the entry in its canonical form (docs/audit.md).</summary>
    public required byte[] EntryHash { get; init; }

    /// <summary>SHA-256 of the link before and this one.</summary>
    public required byte[] LinkHash { get; init; }
}

internal sealed class AuditLinkConfiguration : IEntityTypeConfiguration<AuditLink>
{
    public void Configure(EntityTypeBuilder<AuditLink> builder)
    {
        builder.ToTable("audit_links").HasKey(l => new { l.TenantId, l.Ordinal });
        builder.HasIndex(l => new { l.TenantId, l.Position }).IsUnique();
        builder.HasIndex(l => l.ChangeId);
    }
}
