using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

internal static class RestoreCapability
{
    public static async Task<Results<Ok<CapabilityView>, Problem>> HandleAsync(string capability, RegistryScope scope, CancellationToken cancellationToken)
    {
        var key = CapabilityKey.Of(capability);
        var found = await key.In(scope.Database.Capabilities).FirstOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return Problems.NotFound("capability");
        }

        var before = (await scope.ReadAsync(key.In(scope.Database.Capabilities.AsNoTracking()), cancellationToken))!;
        if (!scope.IsCurrent(before))
        {
            return Problems.PreconditionFailed();
        }

        if (found.DeletedAt is null)
        {
            return TypedResults.Ok(before);
        }

        found.DeletedAt = null;
        found.UpdatedAt = scope.Now;
        found.Revision++;
        var after = before.With(found);
        scope.RecordCapability(EventTypes.CapabilityRestored, found, before: null, after);
        return await scope.SaveAsync(found, cancellationToken) ? TypedResults.Ok(after) : scope.Changed();
    }
}
