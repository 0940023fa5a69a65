using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Capabilities;

internal static class GetCapability
{
    public static async Task<Results<Ok<CapabilityView>, Problem>> HandleAsync(string capability, RegistryScope scope, CancellationToken cancellationToken) =>
        await scope.ReadAsync(CapabilityKey.Of(capability), cancellationToken) is { } view ? TypedResults.Ok(view) : Problems.NotFound("capability");
}
