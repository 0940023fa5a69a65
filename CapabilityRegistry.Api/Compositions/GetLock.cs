using System.Text.Json;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Resolution;
using CapabilityRegistry.Core.Manifests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Compositions;

internal static class GetLock
{
    public static async Task<Results<Ok<ResolutionAnswer>, Problem>> HandleAsync(Guid compositionId, RegistryScope scope, CancellationToken cancellationToken)
    {
        var document = await scope.Database.CompositionLocks.Where(l => l.CompositionId == compositionId).Select(l => l.Document).FirstOrDefaultAsync(cancellationToken);
        if (document is null)
        {
            return Problems.NotFound("lock");
        }

        var answer = JsonSerializer.Deserialize<ResolutionAnswer>(document, RegistryJson.Options)!;
        scope.CountLock(answer);
        return TypedResults.Ok(answer);
    }
}
