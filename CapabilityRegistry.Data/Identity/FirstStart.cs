using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Data.Identity;

/// <summary>Makes the first tenant and its administrator where there is no tenant yet.</summary>
public sealed partial class FirstStart(
    RegistryDbContext database, SystemDatabase system, SecretHasher hasher, IOptions<BootstrapOptions> options, TimeProvider clock, ILogger<FirstStart> logger)
{
    private const string Actor = "system";

    /// <summary>Makes what is missing. Again, or in two processes at once, it changes nothing.</summary>
    /// <param name="makeSecret">Whether to think up a secret when none is configured.</param>
    /// <param name="cancellationToken">Cancels it; nothing is kept then.</param>
    /// <returns>The secret that was thought up, which is kept nowhere; null when there was nothing to make.</returns>
    public async Task<string?> RunAsync(bool makeSecret, CancellationToken cancellationToken)
    {
        var wanted = options.Value;
        var existing = await TenantsAsync(cancellationToken);
        if (existing.Length > 0 && !existing.Contains(wanted.TenantId))
        {
            return null;
        }

        database.TenantId = wanted.TenantId;
        var hasClients = await database.ApiClients.AnyAsync(cancellationToken);
        var (secretId, isMade) = (Guid.CreateVersion7(clock.GetUtcNow()), wanted.ClientSecret is null && makeSecret && !hasClients);
        var secret = isMade ? SecretHasher.NewSecret(secretId) : wanted.ClientSecret;
        if (existing.Length == 0)
        {
            AddTenant(wanted);
        }

        if (!hasClients && secret is not null)
        {
            AddAdministrator(wanted, secretId, secret);
        }
        else if (!hasClients)
        {
            Log.NoAdministrator(logger, wanted.TenantId);
        }

        return await SaveAsync(cancellationToken) && isMade ? secret : null;
    }

    /// <summary>Thinks up a further secret for the first administrator, for operators who lost theirs.</summary>
    /// <returns>The secret, or null when there is no such client.</returns>
    public async Task<string?> NewSecretAsync(CancellationToken cancellationToken)
    {
        database.TenantId = options.Value.TenantId;
        var client = await database.ApiClients.FirstOrDefaultAsync(c => c.ClientId == options.Value.ClientId, cancellationToken);
        if (client is null)
        {
            return null;
        }

        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var secret = SecretHasher.NewSecret(id);
        database.ApiClientSecrets.Add(Secret(client, id, secret));
        client.RevokedAt = null;
        client.Revision++;
        Record(EventTypes.ClientSecretCreated, "client", client.ClientId, client.ApiClientId);
        await database.SaveChangesAsync(cancellationToken);
        return secret;
    }

    private async Task<string[]> TenantsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await system.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT coalesce(array_agg(tenant_id), '{}') FROM tenants", connection);
        return (string[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private void AddTenant(BootstrapOptions wanted)
    {
        database.Tenants.Add(new() { TenantId = wanted.TenantId, Name = wanted.TenantName, CreatedAt = clock.GetUtcNow(), CreatedBy = Actor, UpdatedAt = clock.GetUtcNow(), Revision = 1 });
        Record(EventTypes.TenantCreated, "tenant", wanted.TenantId, null);
    }

    private void AddAdministrator(BootstrapOptions wanted, Guid secretId, string secret)
    {
        var client = new ApiClient
        {
            TenantId = wanted.TenantId,
            ApiClientId = Guid.CreateVersion7(clock.GetUtcNow()),
            ClientId = wanted.ClientId,
            Name = "First administrator",
            Roles = [Roles.RegistryAdmin, Roles.TenantAdmin],
            Scopes = [.. Scopes.All],
            CreatedAt = clock.GetUtcNow(),
            CreatedBy = Actor,
            UpdatedAt = clock.GetUtcNow(),
            Revision = 1,
        };
        database.ApiClients.Add(client);
        database.ApiClientSecrets.Add(Secret(client, secretId, secret));
        Record(EventTypes.ClientCreated, "client", client.ClientId, client.ApiClientId);
    }

    private ApiClientSecret Secret(ApiClient client, Guid id, string secret) => new()
    {
        TenantId = client.TenantId,
        SecretId = id,
        ApiClientId = client.ApiClientId,
        SecretHash = hasher.Hash(secret),
        CreatedAt = clock.GetUtcNow(),
        CreatedBy = Actor,
    };

    private void Record(string type, string resourceType, string resourceId, Guid? clientId)
    {
        var changeId = Guid.CreateVersion7(clock.GetUtcNow());
        database.Events.Add(new() { TenantId = database.TenantId, EventType = type, ApiClientId = clientId, ChangeId = changeId, OccurredAt = clock.GetUtcNow(), Actor = Actor });
        database.AuditEntries.Add(new() { TenantId = database.TenantId, ChangeId = changeId, OccurredAt = clock.GetUtcNow(), Actor = Actor, Action = type, ResourceType = resourceType, ResourceId = resourceId });
    }

    /// <summary>False when another process was quicker.</summary>
    private async Task<bool> SaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await database.SaveChangesAsync(cancellationToken) > 0;
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Tenant {TenantId} has no client and Bootstrap:ClientSecret is not set: nobody can get a token here.")]
        public static partial void NoAdministrator(ILogger logger, string tenantId);
    }
}
