using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Notifications;

internal static class ListSubscriptions
{
    public static async Task<Results<Ok<Page<SubscriptionView>>, Problem>> HandleAsync([AsParameters] PageQuery page, RegistryScope scope, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        return Paging<NoFilter>.Of(page, NoFilter.Empty, nameof(ListSubscriptions), scope, findings) is { } paging
            ? TypedResults.Ok(await paging.ReadAsync(
                scope.Database.NotificationSubscriptions.AsNoTracking(), new Keyset<NotificationSubscription>().By(s => s.Email).By(s => s.SubscriptionId), SubscriptionView.From, cancellationToken))
            : Problems.Invalid(findings);
    }
}
