using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Webhooks;

internal static class ListWebhooks
{
    public static async Task<Results<Ok<Page<WebhookView>>, Problem>> HandleAsync([AsParameters] PageQuery page, RegistryScope scope, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        return Paging<NoFilter>.Of(page, NoFilter.Empty, nameof(ListWebhooks), scope, findings) is { } paging
            ? TypedResults.Ok(await paging.ReadAsync(scope.Database.Webhooks.AsNoTracking().Where(w => w.DeletedAt == null), new Keyset<Webhook>().By(w => w.WebhookId), WebhookView.From, cancellationToken))
            : Problems.Invalid(findings);
    }
}
