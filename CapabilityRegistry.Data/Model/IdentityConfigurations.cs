using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CapabilityRegistry.Data.Model;

internal sealed class TenantConfiguration : IEntityTypeConfiguration<Tenant>
{
    public void Configure(EntityTypeBuilder<Tenant> builder)
    {
        builder.ToTable("tenants").HasKey(t => t.TenantId);
        builder.Property(t => t.TenantId).UseCollation("C");
        builder.Property(t => t.Revision).IsConcurrencyToken();
    }
}

internal sealed class ApiClientConfiguration : IEntityTypeConfiguration<ApiClient>
{
    public void Configure(EntityTypeBuilder<ApiClient> builder)
    {
        builder.ToTable("api_clients").HasKey(c => c.ApiClientId);
        builder.HasIndex(c => new { c.TenantId, c.ClientId }).IsUnique();
        builder.Property(c => c.ClientId).UseCollation("C");
        builder.Property(c => c.Revision).IsConcurrencyToken();
        builder.HasOne<Tenant>().WithMany().HasForeignKey(c => c.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ApiClientSecretConfiguration : IEntityTypeConfiguration<ApiClientSecret>
{
    public void Configure(EntityTypeBuilder<ApiClientSecret> builder)
    {
        builder.ToTable("api_client_secrets").HasKey(s => s.SecretId);
        builder.HasOne<ApiClient>().WithMany().HasForeignKey(s => s.ApiClientId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("audit_entries").HasKey(a => a.AuditId);
        builder.Property(a => a.AuditId).UseIdentityAlwaysColumn();
        builder.HasIndex(a => a.ChangeId).IsUnique();
        builder.HasIndex(a => new { a.TenantId, a.AuditId });
        builder.HasIndex(a => new { a.TenantId, a.ResourceType, a.ResourceId, a.AuditId });
    }
}

internal sealed class IdempotentAnswerConfiguration : IEntityTypeConfiguration<IdempotentAnswer>
{
    public void Configure(EntityTypeBuilder<IdempotentAnswer> builder)
    {
        builder.ToTable("idempotent_answers").HasKey(a => new { a.TenantId, a.ClientId, a.IdempotencyKey });
        builder.HasIndex(a => a.ExpiresAt);
    }
}
