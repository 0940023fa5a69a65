using System.Text.Json.Nodes;
using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Capabilities;

internal static class PatchCapability
{
    public static Task<Results<Ok<CapabilityView>, Problem>> HandleAsync(string capability, JsonBody<JsonObject> body, RegistryScope scope, CancellationToken cancellationToken) =>
        scope.PatchAsync(CapabilityKey.Of(capability), body.Value, cancellationToken);
}
