using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Webhooks;

internal static class GetDelivery
{
    public static async Task<Results<Ok<DeliveryView>, Problem>> HandleAsync(Guid webhookId, Guid deliveryId, RegistryScope scope, CancellationToken cancellationToken) =>
        await scope.FindDeliveryAsync(webhookId, deliveryId, cancellationToken) is { } delivery
            ? TypedResults.Ok(await DeliveryView.ReadAsync(delivery, scope, cancellationToken))
            : Problems.NotFound("delivery");
}
