namespace CapabilityRegistry.Data.Tenancy;

/// <summary>The roles of PostgreSQL under which the system works. Neither owns a table, so row-level security binds both (docs/adr/0008).</summary>
public static class DatabaseRoles
{
    /// <summary>Sees and changes the rows of one tenant: the one that the connection was opened for.</summary>
    public const string Application = "registry_app";

    /// <summary>Works across tenants: the sequencer and what follows the event sequence. Never used on behalf of a request.</summary>
    public const string System = "registry_system";

    /// <summary>The setting that names the tenant of a connection; policies read it.</summary>
    public const string TenantSetting = "registry.tenant_id";
}
