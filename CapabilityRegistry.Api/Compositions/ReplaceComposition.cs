using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Compositions;

internal static class ReplaceComposition
{
    public static Task<Results<Ok<CompositionView>, Problem>> HandleAsync(Guid compositionId, JsonBody<CompositionEdit> body, RegistryScope scope, CancellationToken cancellationToken) =>
        scope.EditAsync(compositionId, (_, _) => body.Value, cancellationToken);
}
