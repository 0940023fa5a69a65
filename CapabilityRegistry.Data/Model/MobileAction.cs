using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CapabilityRegistry.Data.Model;

/// <summary>What became of an action that a client did offline, for repeats.</summary>
public sealed class MobileAction : ITenantOwned
{
    public required string TenantId { get; init; }

    public required string ClientId { get; init; }

    /// <summary>The client made it up.</summary>
    public required Guid ClientActionId { get; init; }

    /// <summary>SHA-256 of the action: the same id with another action is a mistake of the client.</summary>
    public required byte[] ActionHash { get; init; }

    /// <summary>The answer, as JSON.</summary>
    public required string Result { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class MobileActionConfiguration : IEntityTypeConfiguration<MobileAction>
{
    public void Configure(EntityTypeBuilder<MobileAction> builder)
    {
        builder.ToTable("mobile_actions").HasKey(a => new { a.TenantId, a.ClientId, a.ClientActionId });
        builder.HasIndex(a => a.CreatedAt);
        builder.Property(a => a.Result).HasColumnType("json");
    }
}
