using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

internal static class DeleteCapability
{
    private const int ListedDependents = 20;

    public static async Task<Results<NoContent, Problem>> HandleAsync(
        string capability, [FromQuery(Name = "force")] bool? force, RegistryScope scope, CancellationToken cancellationToken)
    {
        var found = await CapabilityKey.Of(capability).LivingIn(scope.Database.Capabilities).FirstOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return Problems.NotFound("capability");
        }

        var before = (await scope.ReadAsync(new CapabilityKey(found.CapabilityId, null), cancellationToken))!;
        if (!scope.IsCurrent(before))
        {
            return Problems.PreconditionFailed();
        }

        var dependents = Dependents(scope, found.CapabilityId);
        if (force is not true && await dependents.LongCountAsync(cancellationToken) is > 0 and var count)
        {
            return Problems.HasDependents(await dependents.Order().Take(ListedDependents).ToListAsync(cancellationToken), count);
        }

        found.DeletedAt = found.UpdatedAt = scope.Now;
        found.Revision++;
        scope.RecordCapability(EventTypes.CapabilityDeleted, found, before, after: null);
        return await scope.SaveAsync(found, cancellationToken) ? TypedResults.NoContent() : scope.Changed();
    }

    /// <summary>The codes of living capabilities of which a version requires this one.</summary>
    private static IQueryable<string> Dependents(RegistryScope scope, Guid id) => scope.Database.Capabilities
        .Where(c => c.DeletedAt == null && c.CapabilityId != id
            && scope.Database.Dependencies.Any(d => d.DependencyId == id && d.DependentId == c.CapabilityId && d.DependencyType == DependencyType.Required))
        .Select(c => c.CapabilityCode);
}
