using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CapabilityRegistry.Api.Clients;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Tenants;

internal static class PatchTenant
{
    public static async Task<Results<Ok<TenantView>, Problem>> HandleAsync(
        string tenantId, JsonBody<JsonObject> body, RegistryScope scope, BelievedTokens tokens, CancellationToken cancellationToken)
    {
        if (!TenantName.IsValid(tenantId))
        {
            return Problems.NotFound("tenant");
        }

        await scope.EnterTenantAsync(tenantId, cancellationToken);
        if (await scope.Database.Tenants.FirstOrDefaultAsync(cancellationToken) is not { } tenant)
        {
            return Problems.NotFound("tenant");
        }

        var before = TenantView.Of(tenant);
        if (!scope.IsCurrent(before))
        {
            return Problems.PreconditionFailed();
        }

        var findings = new List<Finding>();
        var current = JsonSerializer.SerializeToNode(new Edit(tenant.Name, before.Suspended), RegistryJson.Options);
        var edit = StrictJson.Read<Edit>(JsonSerializer.SerializeToUtf8Bytes(MergePatch.Apply(current, body.Value), RegistryJson.Options), findings);
        if (edit is null || !IsAllowed(edit, tenantId, scope, findings))
        {
            return Problems.Invalid(findings);
        }

        tenant.Name = edit.Name;
        tenant.SuspendedAt = edit.Suspended ? tenant.SuspendedAt ?? scope.Now : null;
        tenant.UpdatedAt = scope.Now;
        tenant.Revision++;
        var after = TenantView.Of(tenant);
        scope.Record(EventTypes.TenantUpdated, new("tenant", tenantId) { Before = before, After = after });
        scope.AfterCommit(tokens.Doubt);
        return await scope.SaveAsync(cancellationToken) ? TypedResults.Ok(after) : scope.Changed();
    }

    private static bool IsAllowed(Edit edit, string tenantId, RegistryScope scope, List<Finding> findings)
    {
        if (string.IsNullOrWhiteSpace(edit.Name) || edit.Name.Length > ClientRules.LongestName || edit.Name.Contains('\0', StringComparison.Ordinal))
        {
            findings.Add(new("/name", "invalid_value", $"Must have 1 to {ClientRules.LongestName} characters, none of them U+0000."));
        }

        if (edit.Suspended && tenantId == scope.TenantId)
        {
            findings.Add(new("/suspended", "not_allowed", "An administrator cannot suspend its own tenant: somebody must be left who can undo it."));
        }

        return findings.Count == 0;
    }

    /// <summary>What can be changed of a tenant.</summary>
    internal sealed record Edit([property: JsonRequired] string Name, [property: JsonRequired] bool Suspended);
}
