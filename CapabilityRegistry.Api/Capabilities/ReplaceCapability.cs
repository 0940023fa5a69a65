using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Capabilities;

internal static class ReplaceCapability
{
    public static Task<Results<Ok<CapabilityView>, Problem>> HandleAsync(string capability, JsonBody<CapabilityEdit> body, RegistryScope scope, CancellationToken cancellationToken) =>
        scope.EditAsync(CapabilityKey.Of(capability), (_, _) => body.Value, cancellationToken);
}
