using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Clients;

internal static class RevokeSecret
{
    public static async Task<Results<NoContent, Problem>> HandleAsync(string clientId, Guid secretId, RegistryScope scope, CancellationToken cancellationToken)
    {
        if (await scope.FindClientAsync(clientId, cancellationToken) is not var (client, secrets) || secrets.Find(s => s.SecretId == secretId) is not { } secret)
        {
            return Problems.NotFound("secret");
        }

        var before = ClientView.Of(client, secrets);
        if ((scope.IsCurrent(before) ? client.Protects(scope.Caller) : Problems.PreconditionFailed()) is { } refusal)
        {
            return refusal;
        }

        if (secret.RevokedAt is null)
        {
            secret.RevokedAt = client.UpdatedAt = scope.Now;
            client.Revision++;
            scope.RecordClient(EventTypes.ClientSecretRevoked, client, before, ClientView.Of(client, secrets));
            if (!await scope.SaveAsync(cancellationToken))
            {
                return scope.Changed();
            }
        }

        return TypedResults.NoContent();
    }
}
