using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Webhooks;

internal static class ListDeliveries
{
    private static readonly string[] States = [.. Enum.GetValues<DeliveryState>().Select(Words.Of)];

    public static async Task<Results<Ok<Page<DeliveryItem>>, Problem>> HandleAsync(
        Guid webhookId, [AsParameters] Query query, [AsParameters] PageQuery page, RegistryScope scope, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        if (Paging<Query>.Of(page, query, $"{nameof(ListDeliveries)} {webhookId}", scope, findings) is not { } paging)
        {
            return Problems.Invalid(findings);
        }

        if (await scope.FindWebhookAsync(webhookId, cancellationToken) is null)
        {
            return Problems.NotFound("webhook");
        }

        var deliveries = scope.Database.WebhookDeliveries.AsNoTracking().Where(d => d.WebhookId == webhookId);
        deliveries = Words.TryTo<DeliveryState>(paging.Query.State, out var state) ? deliveries.Where(d => d.State == state) : deliveries;
        return TypedResults.Ok(await paging.ReadAsync(deliveries, new Keyset<WebhookDelivery>().By(d => d.DeliveryId, descending: true), DeliveryItem.From, cancellationToken));
    }

    /// <summary>Which deliveries to list.</summary>
    internal sealed record Query([property: FromQuery(Name = "state")] string? State) : IListQuery<Query>
    {
        public static Query Empty { get; } = new((string?)null);

        public void Validate(ICollection<Finding> findings)
        {
            if (State is not null && !States.Contains(State, StringComparer.Ordinal))
            {
                findings.Add(new("?state", "invalid_value", $"Must be one of {string.Join(", ", States)}.{NearestName.Hint(State, States)}"));
            }
        }
    }
}
