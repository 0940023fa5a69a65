using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Api.Tenants;

/// <summary>A tenant.</summary>
internal sealed record TenantView(string TenantId, string Name, bool Suspended, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset UpdatedAt, DateTimeOffset? SuspendedAt)
{
    public static TenantView Of(Tenant t) => new(t.TenantId, t.Name, t.SuspendedAt is not null, t.CreatedAt, t.CreatedBy, t.UpdatedAt, t.SuspendedAt);
}
