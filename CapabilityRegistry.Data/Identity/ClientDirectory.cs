using CapabilityRegistry.Data.Tenancy;
using Npgsql;

namespace CapabilityRegistry.Data.Identity;

/// <summary>What a client may do at present.</summary>
public sealed record Standing(IReadOnlyList<string> Roles, IReadOnlyList<string> Scopes);

/// <summary>Looks up whether those whom a token names are still welcome.</summary>
public sealed class ClientDirectory(TenantDatabase database)
{
    /// <summary>The standing of a client that got its token for a secret; null when the tenant is suspended, or the client or the secret revoked or gone.</summary>
    public async Task<Standing?> FindAsync(string tenantId, string clientId, Guid secretId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(tenantId, cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            SELECT c.roles, c.scopes FROM api_clients c JOIN tenants t ON t.tenant_id = c.tenant_id AND t.suspended_at IS NULL
            WHERE c.tenant_id = $1 AND c.client_id = $2 AND c.revoked_at IS NULL
                AND EXISTS (SELECT FROM api_client_secrets s WHERE s.secret_id = $3 AND s.api_client_id = c.api_client_id AND s.tenant_id = $1 AND s.revoked_at IS NULL)
            """,
            connection)
        {
            Parameters = { new() { Value = tenantId }, new() { Value = clientId }, new() { Value = secretId } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(reader.GetFieldValue<string[]>(0), reader.GetFieldValue<string[]>(1)) : null;
    }

    /// <summary>Whether a tenant exists and is not suspended.</summary>
    public async Task<bool> IsActiveAsync(string tenantId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(tenantId, cancellationToken);
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM tenants WHERE tenant_id = $1 AND suspended_at IS NULL)", connection) { Parameters = { new() { Value = tenantId } } };
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
