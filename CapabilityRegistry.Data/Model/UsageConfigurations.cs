using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CapabilityRegistry.Data.Model;

// No foreign keys: a capability's row stays when it is deleted, and there are many rows here.
internal sealed class UsageHourConfiguration : IEntityTypeConfiguration<UsageHour>
{
    public void Configure(EntityTypeBuilder<UsageHour> builder)
    {
        builder.ToTable("usage_hourly").HasKey(u => new { u.TenantId, u.Hour, u.CapabilityId, u.Kind });
        builder.HasIndex(u => u.Hour);
    }
}

internal sealed class UsageDayConfiguration : IEntityTypeConfiguration<UsageDay>
{
    public void Configure(EntityTypeBuilder<UsageDay> builder)
    {
        builder.ToTable("usage_daily").HasKey(u => new { u.TenantId, u.Day, u.CapabilityId, u.Kind });
        builder.HasIndex(u => u.Day);
    }
}

internal sealed class UsageRollUpConfiguration : IEntityTypeConfiguration<UsageRollUp>
{
    public void Configure(EntityTypeBuilder<UsageRollUp> builder)
    {
        builder.ToTable("usage_roll_up").HasKey(r => r.UsageRollUpId);
        builder.Property(r => r.UsageRollUpId).ValueGeneratedNever();
        builder.HasData(new UsageRollUp { UsageRollUpId = 1 });
    }
}
