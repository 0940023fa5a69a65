using System.Linq.Expressions;
using System.Text;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Webhooks;

/// <summary>A delivery in a list.</summary>
internal sealed record DeliveryItem(
    Guid DeliveryId,
    string MessageId,
    string EventType,
    long? Position,
    DeliveryState State,
    int Attempts,
    short? LastStatus,
    DateTimeOffset CreatedAt,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset? FinishedAt)
{
    public static readonly Expression<Func<WebhookDelivery, DeliveryItem>> From = d => new DeliveryItem(
        d.DeliveryId, WebhookSignature.MessageId(d.DeliveryId), d.EventType, d.Position, d.State, d.Attempts, d.LastStatus, d.CreatedAt, d.State == DeliveryState.Pending ? d.DueAt : null, d.FinishedAt);
}

/// <summary>A delivery with its body, to the byte, and what was tried.</summary>
internal sealed record DeliveryView(
    Guid DeliveryId,
    Guid WebhookId,
    string MessageId,
    string EventType,
    long? Position,
    DeliveryState State,
    DateTimeOffset CreatedAt,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset? FinishedAt,
    string Payload,
    IReadOnlyList<AttemptView> Attempts)
{
    public static DeliveryView Of(WebhookDelivery d, IReadOnlyList<AttemptView> attempts) => new(
        d.DeliveryId, d.WebhookId, WebhookSignature.MessageId(d.DeliveryId), d.EventType, d.Position, d.State, d.CreatedAt, d.State == DeliveryState.Pending ? d.DueAt : null, d.FinishedAt,
        Encoding.UTF8.GetString(d.Payload), attempts);

    public static async Task<DeliveryView> ReadAsync(WebhookDelivery delivery, RegistryScope scope, CancellationToken cancellationToken) =>
        Of(delivery, await scope.Database.WebhookAttempts.AsNoTracking().Where(a => a.DeliveryId == delivery.DeliveryId).OrderBy(a => a.Number).Select(AttemptView.From).ToListAsync(cancellationToken));
}

/// <summary>One attempt.</summary>
internal sealed record AttemptView(int Number, DateTimeOffset StartedAt, int DurationMs, short? Status, string? Error, string? Response)
{
    public static readonly Expression<Func<WebhookAttempt, AttemptView>> From = a => new AttemptView(a.Number, a.StartedAt, a.DurationMs, a.Status, a.Error, a.Response);
}
