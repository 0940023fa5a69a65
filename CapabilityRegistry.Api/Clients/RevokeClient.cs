using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Clients;

internal static class RevokeClient
{
    public static async Task<Results<NoContent, Problem>> HandleAsync(string clientId, RegistryScope scope, CancellationToken cancellationToken)
    {
        if (await scope.FindClientAsync(clientId, cancellationToken) is not var (client, secrets))
        {
            return Problems.NotFound("client");
        }

        var before = ClientView.Of(client, secrets);
        if ((scope.IsCurrent(before) ? client.Protects(scope.Caller) : Problems.PreconditionFailed()) is { } refusal)
        {
            return refusal;
        }

        if (client.ClientId == scope.Caller.ClientId)
        {
            return Problems.Forbidden("A client cannot revoke itself: somebody must be left who can undo it.");
        }

        if (client.RevokedAt is null)
        {
            client.RevokedAt = client.UpdatedAt = scope.Now;
            client.Revision++;
            scope.RecordClient(EventTypes.ClientRevoked, client, before, ClientView.Of(client, secrets));
            if (!await scope.SaveAsync(cancellationToken))
            {
                return scope.Changed();
            }
        }

        return TypedResults.NoContent();
    }
}
