using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CapabilityRegistry.Api.Http;

/// <summary>How handlers write through the context: changes and their event are saved together or not at all.</summary>
internal static class ScopeWriting
{
    /// <summary>Appends an event to what will be saved.</summary>
    public static void Append(this RegistryScope scope, string type, Guid? capabilityId = null, Guid? versionId = null, Guid? compositionId = null) => scope.Database.Events.Add(new()
    {
        TenantId = scope.TenantId,
        EventType = type,
        CapabilityId = capabilityId,
        VersionId = versionId,
        CompositionId = compositionId,
        OccurredAt = scope.Now,
        Actor = scope.Actor,
        TraceParent = Activity.Current?.Id,
    });

    /// <summary>Saves everything in one transaction. False when somebody else changed or made one of the rows meanwhile.</summary>
    public static async Task<bool> SaveAsync(this RegistryScope scope, CancellationToken cancellationToken)
    {
        try
        {
            await scope.Database.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (exception is DbUpdateConcurrencyException or { InnerException: PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } })
        {
            return false;
        }
    }
}
