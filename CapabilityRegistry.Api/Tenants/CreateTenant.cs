using System.Text.Json.Serialization;
using CapabilityRegistry.Api.Clients;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Tenants;

internal static class CreateTenant
{
    private static readonly string[] AdministratorRoles = [Roles.TenantAdmin];

    public static async Task<Results<Created<Response>, Problem>> HandleAsync(JsonBody<Request> body, RegistryScope scope, SecretHasher hasher, CancellationToken cancellationToken)
    {
        var request = body.Value;
        var (name, administrator) = (request.Name ?? request.TenantId, request.Administrator ?? "admin");
        var findings = new List<Finding>();
        if (!TenantName.IsValid(request.TenantId))
        {
            findings.Add(new("/tenant_id", "invalid_value", TenantName.Rule));
        }

        ClientRules.CheckId(administrator, "/administrator", findings);
        ClientRules.CheckRights(name, AdministratorRoles, Scopes.All, scope.Caller, findings);
        if (findings.Count > 0)
        {
            return Problems.Invalid(findings);
        }

        await scope.EnterTenantAsync(request.TenantId, cancellationToken);
        var tenant = new Tenant { TenantId = request.TenantId, Name = name, CreatedAt = scope.Now, CreatedBy = CreatorOf(scope), UpdatedAt = scope.Now, Revision = 1 };
        scope.Database.Tenants.Add(tenant);
        var client = CreateClient.NewClient(administrator, "First administrator", AdministratorRoles, Scopes.All, scope);
        var (secret, text) = CreateSecret.NewSecret(client, null, scope, hasher);
        scope.Record(EventTypes.TenantCreated, new("tenant", tenant.TenantId) { After = TenantView.Of(tenant) });
        scope.RecordClient(EventTypes.ClientCreated, client, null, ClientView.Of(client, [secret]));
        return await scope.SaveAsync(cancellationToken)
            ? TypedResults.Created($"/api/tenants/{tenant.TenantId}", new Response(TenantView.Of(tenant), client.ClientId, text))
            : Problems.Duplicate($"A tenant with the id '{tenant.TenantId}' exists.");
    }

    private static string CreatorOf(RegistryScope scope) => $"{scope.TenantId}/{scope.Caller.ClientId}";

    /// <summary>A new tenant. Its first administrator is called <c>admin</c> unless another id is given.</summary>
    internal sealed record Request([property: JsonRequired] string TenantId, string? Name = null, string? Administrator = null);

    /// <summary>The tenant, with the id and the secret of its first administrator; the secret is shown here and never again.</summary>
    internal sealed record Response(TenantView Tenant, string ClientId, string ClientSecret);
}
