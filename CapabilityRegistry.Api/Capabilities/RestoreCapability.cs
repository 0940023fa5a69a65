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

        if (found.DeletedAt is not null)
        {
            found.DeletedAt = null;
            found.UpdatedAt = scope.Now;
            found.Revision++;
            scope.Append(EventTypes.CapabilityRestored, found.CapabilityId);
            if (!await scope.SaveAsync(cancellationToken))
            {
                return Problems.Changed();
            }
        }

        return TypedResults.Ok(await scope.ReadAsync(key, cancellationToken));
    }
}
