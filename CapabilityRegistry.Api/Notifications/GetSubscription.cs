using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Notifications;

internal static class GetSubscription
{
    public static async Task<Results<Ok<SubscriptionView>, Problem>> HandleAsync(Guid subscriptionId, RegistryScope scope, CancellationToken cancellationToken) =>
        await scope.Database.NotificationSubscriptions.AsNoTracking().Where(s => s.SubscriptionId == subscriptionId).Select(SubscriptionView.From).FirstOrDefaultAsync(cancellationToken) is { } view
            ? TypedResults.Ok(view)
            : Problems.NotFound("subscription");
}
