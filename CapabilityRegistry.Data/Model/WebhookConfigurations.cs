using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CapabilityRegistry.Data.Model;

internal sealed class WebhookConfiguration : IEntityTypeConfiguration<Webhook>
{
    public void Configure(EntityTypeBuilder<Webhook> builder)
    {
        builder.ToTable("webhooks").HasKey(w => w.WebhookId);
        builder.HasIndex(w => new { w.TenantId, w.WebhookId });
        builder.Property(w => w.Revision).IsConcurrencyToken();
    }
}

internal sealed class WebhookDeliveryConfiguration : IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<WebhookDelivery> builder)
    {
        builder.ToTable("webhook_deliveries").HasKey(d => d.DeliveryId);
        builder.HasIndex(d => new { d.WebhookId, d.Position }).IsUnique();
        builder.HasIndex(d => new { d.WebhookId, d.DeliveryId });
        builder.HasIndex(d => d.DueAt).HasFilter("state = 'pending'").HasDatabaseName("ix_webhook_deliveries_pending");
        builder.HasIndex(d => d.FinishedAt).HasFilter("finished_at IS NOT NULL").HasDatabaseName("ix_webhook_deliveries_finished");
        builder.HasOne<Webhook>().WithMany().HasForeignKey(d => d.WebhookId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class WebhookAttemptConfiguration : IEntityTypeConfiguration<WebhookAttempt>
{
    public void Configure(EntityTypeBuilder<WebhookAttempt> builder)
    {
        builder.ToTable("webhook_attempts").HasKey(a => new { a.DeliveryId, a.Number });
        builder.HasOne<WebhookDelivery>().WithMany().HasForeignKey(a => a.DeliveryId).OnDelete(DeleteBehavior.Cascade);
    }
}
