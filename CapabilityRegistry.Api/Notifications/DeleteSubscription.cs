using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Notifications;

/// <summary>The address goes with it, and so does what was not sent yet.</summary>
internal static class DeleteSubscription
{
    public static async Task<Results<NoContent, Problem>> HandleAsync(Guid subscriptionId, RegistryScope scope, CancellationToken cancellationToken)
    {
        if (await scope.Database.NotificationSubscriptions.FirstOrDefaultAsync(s => s.SubscriptionId == subscriptionId, cancellationToken) is not { } subscription)
        {
            return Problems.NotFound("subscription");
        }

        var before = SubscriptionView.Of(subscription);
        if (!scope.IsCurrent(before))
        {
            return Problems.PreconditionFailed();
        }

        scope.Database.NotificationSubscriptions.Remove(subscription);
        scope.Record(EventTypes.NotificationSubscriptionDeleted, new("notification_subscription", $"{subscriptionId}") { Before = before });
        return await scope.SaveAsync(cancellationToken) ? TypedResults.NoContent() : scope.Changed();
    }
}
