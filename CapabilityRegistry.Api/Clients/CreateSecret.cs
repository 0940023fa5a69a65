using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Clients;

internal static class CreateSecret
{
    public static async Task<Results<Created<NewSecretView>, Problem>> HandleAsync(
        string clientId, JsonBody<Request> body, RegistryScope scope, SecretHasher hasher, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        CheckExpiry(body.Value.ExpiresAt, "/expires_at", scope.Now, findings);
        if (findings.Count > 0)
        {
            return Problems.Invalid(findings);
        }

        if (await scope.FindClientAsync(clientId, cancellationToken) is not var (client, secrets) || client.RevokedAt is not null)
        {
            return Problems.NotFound("client");
        }

        var before = ClientView.Of(client, secrets);
        if (client.Protects(scope.Caller) is { } refusal)
        {
            return refusal;
        }

        if (secrets.Count(s => s.RevokedAt is null && (s.ExpiresAt is null || s.ExpiresAt > scope.Now)) >= ClientRules.MostLiveSecrets)
        {
            return Problems.Duplicate($"The client has {ClientRules.MostLiveSecrets} live secrets; revoke one first.");
        }

        var (secret, text) = NewSecret(client, body.Value.ExpiresAt, scope, hasher);
        client.Revision++;
        client.UpdatedAt = scope.Now;
        scope.RecordClient(EventTypes.ClientSecretCreated, client, before, ClientView.Of(client, [.. secrets, secret]));
        return await scope.SaveAsync(cancellationToken)
            ? TypedResults.Created($"/api/clients/{client.ClientId}", new NewSecretView(secret.SecretId, client.ClientId, text, secret.ExpiresAt))
            : scope.Changed();
    }

    public static void CheckExpiry(DateTimeOffset? expiresAt, string pointer, DateTimeOffset now, List<Finding> findings)
    {
        if (expiresAt <= now)
        {
            findings.Add(new(pointer, "invalid_value", "Must be in the future."));
        }
    }

    /// <summary>Adds a secret to what will be saved, and shows it.</summary>
    public static (ApiClientSecret Secret, string Text) NewSecret(ApiClient client, DateTimeOffset? expiresAt, RegistryScope scope, SecretHasher hasher)
    {
        var id = scope.NewId();
        var text = SecretHasher.NewSecret(id);
        var secret = new ApiClientSecret
        {
            TenantId = client.TenantId,
            SecretId = id,
            ApiClientId = client.ApiClientId,
            SecretHash = hasher.Hash(text),
            CreatedAt = scope.Now,
            CreatedBy = scope.Actor.Name,
            ExpiresAt = expiresAt?.AsKept(),
        };
        scope.Database.ApiClientSecrets.Add(secret);
        return (secret, text);
    }

    internal sealed record Request(DateTimeOffset? ExpiresAt = null);
}
