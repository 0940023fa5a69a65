using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Clients;

internal static class GetClient
{
    public static async Task<Results<Ok<ClientView>, Problem>> HandleAsync(string clientId, RegistryScope scope, CancellationToken cancellationToken) =>
        await scope.FindClientAsync(clientId, cancellationToken) is var (client, secrets) ? TypedResults.Ok(ClientView.Of(client, secrets)) : Problems.NotFound("client");
}
