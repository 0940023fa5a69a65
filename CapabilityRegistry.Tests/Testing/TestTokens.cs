using System.Collections.Concurrent;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Data;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Data.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CapabilityRegistry.Tests.Testing;

/// <summary>Access tokens of tenants that are made when they are first named.</summary>
public sealed class TestTokens(IServiceProvider services)
{
    /// <summary>The tenant of requests that name none.</summary>
    public const string Tenant = "tests";
    public const string SigningKey = "the signing key of tests, 32 bytes and more";

    /// <summary>The client that every tenant here has.</summary>
    public const string ClientId = "tests";

    private readonly ConcurrentDictionary<(string Tenant, string Roles), Lazy<Task<string>>> _tokens = new();

    /// <summary>A token of an administrator of the tenant.</summary>
    public Task<string> OfAsync(string tenantId) => OfAsync(tenantId, Roles.TenantAdmin);

    /// <summary>A token of a client with the given roles, and the scopes that are of use to them.</summary>
    public Task<string> OfAsync(string tenantId, params string[] roles) =>
        _tokens.GetOrAdd((tenantId, string.Join(' ', roles)), key => new(() => MakeAsync(key.Tenant, roles))).Value;

    private async Task<string> MakeAsync(string tenantId, string[] roles)
    {
        await using var scope = services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<RegistryDbContext>();
        database.TenantId = tenantId;
        var now = TimeProvider.System.GetUtcNow();
        if (!await database.Tenants.AnyAsync())
        {
            database.Tenants.Add(new() { TenantId = tenantId, Name = tenantId, CreatedAt = now, CreatedBy = "test", UpdatedAt = now });
        }

        var clientId = roles is [Roles.TenantAdmin] ? ClientId : string.Join('.', roles).Replace('_', '-');
        var secret = await database.ApiClientSecrets.FirstOrDefaultAsync(s => database.ApiClients.Any(c => c.ClientId == clientId && c.ApiClientId == s.ApiClientId));
        var client = secret is null ? Client(tenantId, clientId, roles, now) : await database.ApiClients.SingleAsync(c => c.ClientId == clientId);
        if (secret is null)
        {
            secret = new() { TenantId = tenantId, SecretId = Guid.CreateVersion7(now), ApiClientId = client.ApiClientId, SecretHash = "AA==", CreatedAt = now, CreatedBy = "test" };
            database.ApiClients.Add(client);
            database.ApiClientSecrets.Add(secret);
            database.AuditEntries.Add(new() { TenantId = tenantId, ChangeId = Guid.CreateVersion7(now), OccurredAt = now, Actor = "test", Action = EventTypes.ClientCreated, ResourceType = "client", ResourceId = clientId });
            await database.SaveChangesAsync();
        }

        return services.GetRequiredService<TokenIssuer>().Issue(client, secret.SecretId, client.Scopes).Token;
    }

    private static ApiClient Client(string tenantId, string clientId, string[] roles, DateTimeOffset now) => new()
    {
        TenantId = tenantId,
        ApiClientId = Guid.CreateVersion7(now),
        ClientId = clientId,
        Name = clientId,
        Roles = roles,
        Scopes = [.. Scopes.Of(roles)],
        CreatedAt = now,
        CreatedBy = "test",
        UpdatedAt = now,
        Revision = 1,
    };
}
