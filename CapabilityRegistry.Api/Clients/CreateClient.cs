using System.Text.Json.Serialization;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Clients;

internal static class CreateClient
{
    public static async Task<Results<Created<Response>, Problem>> HandleAsync(JsonBody<Request> body, RegistryScope scope, SecretHasher hasher, CancellationToken cancellationToken)
    {
        var request = body.Value;
        var (name, scopes) = (request.Name ?? request.ClientId, request.Scopes ?? Scopes.Of([.. request.Roles]));
        var findings = new List<Finding>();
        ClientRules.CheckId(request.ClientId, "/client_id", findings);
        ClientRules.CheckRights(name, request.Roles, scopes, scope.Caller, findings);
        CreateSecret.CheckExpiry(request.SecretExpiresAt, "/secret_expires_at", scope.Now, findings);
        if (findings.Count > 0)
        {
            return Problems.Invalid(findings);
        }

        var client = NewClient(request.ClientId, name, request.Roles, scopes, scope);
        var (secret, text) = CreateSecret.NewSecret(client, request.SecretExpiresAt, scope, hasher);
        var view = ClientView.Of(client, [secret]);
        scope.RecordClient(EventTypes.ClientCreated, client, null, view);
        return await scope.SaveAsync(cancellationToken)
            ? TypedResults.Created($"/api/clients/{client.ClientId}", new Response(view, text))
            : Problems.Duplicate($"A client with the id '{client.ClientId}' exists.");
    }

    /// <summary>Adds a client to what will be saved.</summary>
    public static ApiClient NewClient(string clientId, string name, IReadOnlyList<string> roles, IReadOnlyList<string> scopes, RegistryScope scope)
    {
        var client = new ApiClient
        {
            TenantId = scope.Database.TenantId,
            ApiClientId = scope.NewId(),
            ClientId = clientId,
            Name = name,
            Roles = [.. roles],
            Scopes = [.. scopes],
            CreatedAt = scope.Now,
            CreatedBy = scope.Actor.Name,
            UpdatedAt = scope.Now,
            Revision = 1,
        };
        scope.Database.ApiClients.Add(client);
        return client;
    }

    /// <summary>A new client. Without scopes it gets those that are of use to its roles.</summary>
    internal sealed record Request(
        [property: JsonRequired] string ClientId, [property: JsonRequired] IReadOnlyList<string> Roles, string? Name = null, IReadOnlyList<string>? Scopes = null, DateTimeOffset? SecretExpiresAt = null);

    /// <summary>The client with its first secret, which is shown here and never again.</summary>
    internal sealed record Response(ClientView Client, string ClientSecret);
}
