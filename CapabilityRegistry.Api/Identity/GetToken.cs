using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Api.Identity;

/// <summary>Gives an access token for a client's secret. Why one is refused is not told apart, in words or in time: a stranger learns nothing about who exists.</summary>
internal static class GetToken
{
    public static async Task<Results<Ok<AccessToken>, Problem>> HandleAsync(
        TokenRequestBody body, HttpContext http, TokenDesk desk, IOptions<AuthOptions> options, CancellationToken cancellationToken)
    {
        if (options.Value.IsExternal)
        {
            return Problems.NotFound("token here: tokens come from the OpenID Connect issuer that is configured");
        }

        var request = body.Value;
        if (Check(request) is { Count: > 0 } findings)
        {
            return Problems.Invalid(findings) with { OAuthError = !body.IsOAuth ? null : findings.TrueForAll(f => f.Pointer == "/scope") ? "invalid_scope" : "invalid_request" };
        }

        http.Response.Headers.CacheControl = "no-store";
        var token = await desk.ExchangeAsync(request, http.Connection.RemoteIpAddress?.ToString(), http.TraceIdentifier, cancellationToken);
        if (token is null)
        {
            // Only who speaks OAuth is asked for Basic authentication: browsers would ask their user for it.
            http.Response.Headers.WWWAuthenticate = body.IsOAuth ? "Basic realm=\"capability-registry\", charset=\"UTF-8\"" : "Bearer";
        }

        return token switch
        {
            null => Problems.Unauthenticated("Tenant, client or secret is wrong, or no longer valid.") with { OAuthError = body.IsOAuth ? "invalid_client" : null },
            { Scope: "" } => Problems.Invalid("/scope", "invalid_value", "The client has none of these scopes.") with { OAuthError = body.IsOAuth ? "invalid_scope" : null },
            _ => TypedResults.Ok(token),
        };
    }

    private static List<Finding> Check(TokenRequest request)
    {
        var findings = new List<Finding>();
        foreach (var (name, value) in new[] { ("tenant_id", request.TenantId), ("client_id", request.ClientId), ("client_secret", request.ClientSecret), ("scope", request.Scope ?? "") })
        {
            if (value.Length > TokenRequest.LongestText)
            {
                findings.Add(new($"/{name}", "too_long", $"At most {TokenRequest.LongestText} characters are allowed."));
            }
        }

        var unknown = (request.Scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(Scopes.All).ToArray();
        findings.AddRange(unknown.Select(s => new Finding("/scope", "invalid_value", $"There is no scope '{s}'.{NearestName.Hint(s, Scopes.All)}")));
        return findings;
    }
}

/// <summary>Exchanges a secret for a token, and keeps book of it.</summary>
internal sealed class TokenDesk(RegistryDbContext database, SecretHasher hasher, TokenIssuer issuer, TimeProvider clock)
{
    /// <summary>Looks at the secret and makes a token.</summary>
    /// <returns>Null when the secret is not right; a token without scope when none of those asked for is the client's.</returns>
    public async Task<AccessToken?> ExchangeAsync(TokenRequest request, string? address, string requestId, CancellationToken cancellationToken)
    {
        if (!TenantName.IsValid(request.TenantId) || request.ClientId.Contains('\0', StringComparison.Ordinal))
        {
            hasher.IsRight(null, request.ClientSecret);
            return null;
        }

        database.TenantId = request.TenantId;
        var now = clock.GetUtcNow();
        var client = await database.ApiClients.FirstOrDefaultAsync(c => c.ClientId == request.ClientId && c.RevokedAt == null && database.Tenants.Any(t => t.SuspendedAt == null), cancellationToken);
        var secret = await FindSecretAsync(client, request.ClientSecret, now, cancellationToken);
        if (client is null)
        {
            return null;
        }

        var scopes = Wanted(client, request.Scope);
        Record(client, secret is null || scopes.Length == 0 ? EventTypes.ClientAuthenticationFailed : EventTypes.ClientAuthenticated, now, address, requestId);
        await database.SaveChangesAsync(cancellationToken);
        if (secret is null)
        {
            return null;
        }

        await MarkUsedAsync(client, secret, now, cancellationToken);
        return issuer.Issue(client, secret.SecretId, scopes, secret.ExpiresAt);
    }

    /// <summary>A token of the first administrator without its secret, for the operator on whose machine this runs; null when it has no live one.</summary>
    public async Task<string?> IssueAsync(BootstrapOptions first, CancellationToken cancellationToken)
    {
        database.TenantId = first.TenantId;
        var now = clock.GetUtcNow();
        var found = await database.ApiClients.AsNoTracking().Where(c => c.ClientId == first.ClientId && c.RevokedAt == null)
            .Join(database.ApiClientSecrets.Where(s => s.RevokedAt == null && (s.ExpiresAt == null || s.ExpiresAt > now)), c => c.ApiClientId, s => s.ApiClientId, (c, s) => new { Client = c, s.SecretId, s.ExpiresAt })
            .FirstOrDefaultAsync(cancellationToken);
        return found is null ? null : issuer.Issue(found.Client, found.SecretId, found.Client.Scopes, found.ExpiresAt).Token;
    }

    private void Record(ApiClient client, string type, DateTimeOffset now, string? address, string requestId)
    {
        var changeId = Guid.CreateVersion7(now);
        database.Events.Add(new() { TenantId = client.TenantId, EventType = type, ApiClientId = client.ApiClientId, ChangeId = changeId, OccurredAt = now, Actor = client.ClientId });
        database.AuditEntries.Add(new()
        {
            TenantId = client.TenantId,
            ChangeId = changeId,
            OccurredAt = now,
            Actor = client.ClientId,
            ActorAddress = address,
            Action = type,
            ResourceType = "client",
            ResourceId = client.ClientId,
            RequestId = requestId,
        });
    }

    /// <summary>By statement, not by the change tracker: somebody who changes the client meanwhile is no reason to refuse its login.</summary>
    private async Task MarkUsedAsync(ApiClient client, ApiClientSecret secret, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await database.ApiClients.Where(c => c.ApiClientId == client.ApiClientId).ExecuteUpdateAsync(c => c.SetProperty(x => x.LastUsedAt, now), cancellationToken);
        await database.ApiClientSecrets.Where(s => s.SecretId == secret.SecretId).ExecuteUpdateAsync(s => s.SetProperty(x => x.LastUsedAt, now), cancellationToken);
    }

    private static string[] Wanted(ApiClient client, string? scope) =>
        scope is null ? client.Scopes : [.. scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(client.Scopes.Contains).Distinct()];

    /// <summary>The live secret that is right. One that we made names itself; one that an operator thought up is looked for among those that do not.</summary>
    private async Task<ApiClientSecret?> FindSecretAsync(ApiClient? client, string text, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, owner) = (SecretHasher.IdOf(text), client?.ApiClientId ?? Guid.Empty);
        var live = await database.ApiClientSecrets
            .Where(s => s.ApiClientId == owner && (id == null || s.SecretId == id) && s.RevokedAt == null && (s.ExpiresAt == null || s.ExpiresAt > now))
            .OrderByDescending(s => s.CreatedAt).ToListAsync(cancellationToken);
        if (live.Count == 0)
        {
            hasher.IsRight(null, text);
        }

        return live.Find(s => hasher.IsRight(s.SecretHash, text));
    }
}
