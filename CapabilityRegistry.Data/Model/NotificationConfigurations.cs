using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CapabilityRegistry.Data.Model;

internal sealed class NotificationSubscriptionConfiguration : IEntityTypeConfiguration<NotificationSubscription>
{
    public void Configure(EntityTypeBuilder<NotificationSubscription> builder)
    {
        builder.ToTable("notification_subscriptions").HasKey(s => s.SubscriptionId);
        builder.HasIndex(s => new { s.TenantId, s.Email, s.Digest }).IsUnique();
        builder.HasIndex(s => s.DueAt).HasFilter("due_at IS NOT NULL");
        builder.Property(s => s.Email).HasMaxLength(254).UseCollation("C");
    }
}

internal sealed class NotificationConfiguration : IEntityTypeConfiguration<Notification>
{
    public void Configure(EntityTypeBuilder<Notification> builder)
    {
        builder.ToTable("notifications").HasKey(n => n.NotificationId);

        // An event that comes again is told of once all the same.
        builder.HasIndex(n => new { n.SubscriptionId, n.Position, n.Kind, n.Subject }).IsUnique();
        builder.HasIndex(n => n.DoneAt).HasFilter("done_at IS NOT NULL");
        builder.Property(n => n.Details).HasColumnType("json");
        builder.HasOne<NotificationSubscription>().WithMany().HasForeignKey(n => n.SubscriptionId).OnDelete(DeleteBehavior.Cascade);
    }
}
