using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Compositions;

internal static class CreateComposition
{
    public static Task<Results<Created<CompositionView>, Problem>> HandleAsync(JsonBody<CompositionEdit> body, RegistryScope scope, CancellationToken cancellationToken) =>
        scope.MakeCompositionAsync(body.Value, cancellationToken);
}
