using System.Text.Json;
using System.Text.Json.Nodes;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Search;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>Every change of a capability's page: find it, look at the precondition, check, save with event and audit entry, answer with the page.</summary>
internal static class CapabilityEditing
{
    /// <summary>Edits a living capability.</summary>
    /// <param name="scope">The request.</param>
    /// <param name="key">The capability.</param>
    /// <param name="edit">Makes the new editable part from the capability as it is; null when it cannot, with the reasons in the list.</param>
    /// <param name="cancellationToken">Cancels it; nothing is kept then.</param>
    public static async Task<Results<Ok<CapabilityView>, Problem>> EditAsync(
        this RegistryScope scope, CapabilityKey key, Func<Capability, List<Finding>, CapabilityEdit?> edit, CancellationToken cancellationToken)
    {
        var found = await key.LivingIn(scope.Database.Capabilities).FirstOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return Problems.NotFound("capability");
        }

        var before = (await scope.ReadAsync(new CapabilityKey(found.CapabilityId, null), cancellationToken))!;
        if (!scope.IsCurrent(before))
        {
            return Problems.PreconditionFailed();
        }

        var findings = new List<Finding>();
        var wanted = edit(found, findings);
        findings.AddRange(wanted?.Validate(found) ?? []);
        if (wanted is null || findings.Count > 0)
        {
            return Problems.Invalid(findings);
        }

        wanted.ApplyTo(found, scope.Now);
        var after = before.With(found);
        scope.RecordCapability(EventTypes.CapabilityUpdated, found, before, after);
        return await scope.SaveAsync(found, cancellationToken) ? TypedResults.Ok(after) : scope.Changed();
    }

    /// <summary>Changes members of the editable part of a living capability (RFC 7396).</summary>
    /// <param name="scope">The request.</param>
    /// <param name="key">The capability.</param>
    /// <param name="patch">The members.</param>
    /// <param name="cancellationToken">Cancels it; nothing is kept then.</param>
    public static Task<Results<Ok<CapabilityView>, Problem>> PatchAsync(this RegistryScope scope, CapabilityKey key, JsonObject patch, CancellationToken cancellationToken) =>
        scope.EditAsync(key, (found, findings) => Patched(found, patch, findings), cancellationToken);

    /// <summary>Adds event and audit entry of a change of a capability, and drops its page from the cache once the change is kept.</summary>
    public static void RecordCapability(this RegistryScope scope, string type, Capability capability, object? before, object? after)
    {
        scope.Record(type, new("capability", capability.CapabilityCode) { CapabilityId = capability.CapabilityId, Before = before, After = after });
        scope.Forget(capability.CapabilityId, capability.CapabilityCode);
    }

    /// <summary>Writes everything, and what search finds of the capability, inside the request's transaction. False when somebody else changed one of the rows meanwhile.</summary>
    public static async Task<bool> SaveAsync(this RegistryScope scope, Capability capability, CancellationToken cancellationToken)
    {
        if (!await scope.SaveAsync(cancellationToken))
        {
            return false;
        }

        await (capability.DeletedAt is null
            ? SearchDocuments.WriteAsync(
                scope.Connection,
                [new(capability.CapabilityId, capability.LatestVersionId, capability.CapabilityCode, capability.CapabilityName, capability.CompositionKeywords, capability.Description)],
                cancellationToken)
            : SearchDocuments.RemoveAsync(scope.Connection, capability.CapabilityId, cancellationToken));
        return true;
    }

    /// <summary>Drops a capability's page from the cache once the change is kept.</summary>
    public static void Forget(this RegistryScope scope, Guid capabilityId, string code)
    {
        var (pages, tenantId) = (scope.Http.RequestServices.GetRequiredService<CapabilityPages>(), scope.Database.TenantId);
        scope.AfterCommit(() => pages.Forget(tenantId, capabilityId, code));
    }

    private static CapabilityEdit? Patched(Capability found, JsonObject patch, List<Finding> findings)
    {
        var current = JsonSerializer.SerializeToNode(CapabilityEdit.Of(found), RegistryJson.Options);
        return StrictJson.Read<CapabilityEdit>(JsonSerializer.SerializeToUtf8Bytes(MergePatch.Apply(current, patch), RegistryJson.Options), findings);
    }
}
