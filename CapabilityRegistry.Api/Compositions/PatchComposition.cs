using System.Text.Json.Nodes;
using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Compositions;

internal static class PatchComposition
{
    public static Task<Results<Ok<CompositionView>, Problem>> HandleAsync(Guid compositionId, JsonBody<JsonObject> body, RegistryScope scope, CancellationToken cancellationToken) =>
        scope.EditAsync(compositionId, (found, findings) => CompositionEditing.Patched(found, body.Value, findings), cancellationToken);
}
