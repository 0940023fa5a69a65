using System.Text.Json.Serialization;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Notifications;

internal static class CreateSubscription
{
    /// <summary>For each tenant. Of several who come at once a few more may get in.</summary>
    private const int MostOfTenant = 100;

    public static async Task<Results<Created<SubscriptionView>, Problem>> HandleAsync(JsonBody<Request> body, RegistryScope scope, CancellationToken cancellationToken)
    {
        var (email, kinds, digest) = body.Value;
        var findings = new List<Finding>();
        SubscriptionRules.CheckEmail(email, findings);
        SubscriptionRules.CheckKinds(kinds, findings);
        if (findings.Count > 0)
        {
            return Problems.Invalid(findings);
        }

        if (await scope.Database.NotificationSubscriptions.CountAsync(cancellationToken) >= MostOfTenant)
        {
            return Problems.Invalid("", "too_many", $"The tenant has {MostOfTenant} subscriptions, which is the most; end one first.");
        }

        var subscription = new NotificationSubscription
        {
            TenantId = scope.TenantId,
            SubscriptionId = scope.NewId(),
            Email = email,
            Kinds = [.. kinds.Select(Words.Of)],
            Digest = digest,
            CreatedAt = scope.Now,
            CreatedBy = scope.Actor.Name,
        };
        scope.Database.NotificationSubscriptions.Add(subscription);
        var view = SubscriptionView.Of(subscription);
        scope.Record(EventTypes.NotificationSubscriptionCreated, new("notification_subscription", $"{subscription.SubscriptionId}") { After = view });
        return await scope.SaveAsync(cancellationToken)
            ? TypedResults.Created($"/api/notifications/subscriptions/{subscription.SubscriptionId}", view)
            : Problems.Duplicate($"'{email}' has a subscription with the digest {Words.Of(digest)} already; end it first.");
    }

    /// <summary>Who wants to hear of what, and how often at most.</summary>
    internal sealed record Request([property: JsonRequired] string Email, [property: JsonRequired] IReadOnlyList<NotificationKind> Kinds, NotificationDigest Digest = NotificationDigest.Daily);
}
