using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CapabilityRegistry.Data.Model;

// Primary keys are ids alone: an index that leads with the tenant looks as good to a planner whose statistics are older than a bulk import, and reads the whole tenant.
internal sealed class CapabilityConfiguration : IEntityTypeConfiguration<Capability>
{
    public void Configure(EntityTypeBuilder<Capability> builder)
    {
        builder.HasKey(c => c.CapabilityId);
        builder.HasIndex(c => new { c.TenantId, c.CapabilityCode }).IsUnique();
        builder.HasIndex(c => new { c.TenantId, c.Category, c.CapabilityCode }).HasDatabaseName("idx_capabilities_category");
        builder.HasIndex(c => new { c.TenantId, c.Status, c.CapabilityCode }).HasDatabaseName("idx_capabilities_status");
        builder.HasIndex(c => c.CompositionKeywords).HasMethod("gin");
        builder.Property(c => c.CapabilityCode).UseCollation("C");
        builder.Property(c => c.LatestRank).UseCollation("C");
        builder.Property(c => c.Details).HasColumnType("json");
        builder.Property(c => c.Revision).IsConcurrencyToken();
    }
}

internal sealed class CapabilityVersionConfiguration : IEntityTypeConfiguration<CapabilityVersion>
{
    public void Configure(EntityTypeBuilder<CapabilityVersion> builder)
    {
        builder.HasKey(v => v.VersionId);
        builder.HasIndex(v => new { v.CapabilityId, v.Precedence }).IsUnique();
        builder.Property(v => v.Precedence).UseCollation("C");
        builder.Property(v => v.Manifest).HasColumnType("json");
        builder.HasOne<Capability>().WithMany().HasForeignKey(v => v.CapabilityId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class NameConfiguration : IEntityTypeConfiguration<NameRow>
{
    public void Configure(EntityTypeBuilder<NameRow> builder)
    {
        builder.ToTable("names").HasKey(n => n.NameId);
        builder.Property(n => n.Text).HasColumnName("name").UseCollation("C");
        builder.HasIndex(n => new { n.TenantId, n.Text }).IsUnique();
    }
}

// No foreign keys from the two tables below to names: rows are written only together with their version and their names, never changed, and there are many.
internal sealed class DependencyConfiguration : IEntityTypeConfiguration<DependencyRow>
{
    public void Configure(EntityTypeBuilder<DependencyRow> builder)
    {
        builder.HasKey(d => new { d.VersionId, d.Position, d.Alternative });
        builder.HasIndex(d => new { d.DependencyId, d.DependentId });
        builder.HasIndex(d => new { d.DependentId, d.DependencyId }).HasDatabaseName("idx_dependencies_capability");
    }
}

internal sealed class ProvidedServiceConfiguration : IEntityTypeConfiguration<ProvidedServiceRow>
{
    public void Configure(EntityTypeBuilder<ProvidedServiceRow> builder)
    {
        builder.HasKey(s => new { s.VersionId, s.Position });
        builder.HasIndex(s => new { s.ServiceId, s.CapabilityId });
    }
}

internal sealed class CompositionConfiguration : IEntityTypeConfiguration<Composition>
{
    public void Configure(EntityTypeBuilder<Composition> builder)
    {
        builder.HasKey(c => c.CompositionId);
        builder.HasIndex(c => new { c.TenantId, c.Name }).IsUnique();
        builder.HasIndex(c => new { c.TenantId, c.CompositionType, c.Name }).HasDatabaseName("idx_compositions_type");
        builder.Property(c => c.Requirements).HasColumnType("json");
        builder.Property(c => c.Details).HasColumnType("json");
        builder.Property(c => c.MemberRevisions).HasColumnType("json").HasDefaultValueSql("'{}'");
        builder.Property(c => c.Revision).IsConcurrencyToken();
    }
}

internal sealed class CompositionLockConfiguration : IEntityTypeConfiguration<CompositionLock>
{
    public void Configure(EntityTypeBuilder<CompositionLock> builder)
    {
        builder.HasKey(l => l.CompositionId);
        builder.Property(l => l.Document).HasColumnType("json");
        builder.Property(l => l.LockedAt).IsConcurrencyToken();
        builder.HasOne<Composition>().WithOne().HasForeignKey<CompositionLock>(l => l.CompositionId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class RegistryEventConfiguration : IEntityTypeConfiguration<RegistryEvent>
{
    public void Configure(EntityTypeBuilder<RegistryEvent> builder)
    {
        builder.ToTable("events").HasKey(e => e.EventId);
        builder.Property(e => e.EventId).UseIdentityAlwaysColumn();
        builder.HasIndex(e => e.Position).IsUnique().HasFilter("position IS NOT NULL");
        builder.HasIndex(e => new { e.TenantId, e.Position });
        builder.HasIndex(e => e.EventId).HasFilter("position IS NULL").HasDatabaseName("ix_events_unsequenced");
    }
}

internal sealed class SequenceHeadConfiguration : IEntityTypeConfiguration<SequenceHead>
{
    public void Configure(EntityTypeBuilder<SequenceHead> builder)
    {
        builder.ToTable("sequence_head").HasKey(h => h.SequenceHeadId);
        builder.Property(h => h.SequenceHeadId).ValueGeneratedNever();
        builder.HasData(new SequenceHead { SequenceHeadId = 1 });
    }
}

internal sealed class EventConsumerConfiguration : IEntityTypeConfiguration<EventConsumer>
{
    public void Configure(EntityTypeBuilder<EventConsumer> builder)
    {
        builder.ToTable("event_consumers").HasKey(c => c.Consumer);
        builder.Property(c => c.Consumer).HasMaxLength(63);
    }
}

internal sealed class ParkedEventConfiguration : IEntityTypeConfiguration<ParkedEvent>
{
    public void Configure(EntityTypeBuilder<ParkedEvent> builder)
    {
        builder.ToTable("parked_events").HasKey(p => p.ParkedEventId);
        builder.HasIndex(p => new { p.Consumer, p.Position }).IsUnique();
        builder.Property(p => p.Consumer).HasMaxLength(63);
        builder.Property(p => p.Event).HasColumnType("json");
        builder.HasIndex(p => p.ReplayRequestedAt).HasFilter("replay_requested_at IS NOT NULL");
    }
}
