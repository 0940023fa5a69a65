using System.Text.Json;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Events;

/// <summary>A parked event as operators see it.</summary>
internal sealed record ParkedEventView(
    Guid ParkedEventId, string Consumer, long Position, string TenantId, Change Event, int Attempts, string Error, DateTimeOffset ParkedAt, DateTimeOffset? ReplayRequestedAt)
{
    public static ParkedEventView Of(ParkedEvent p) => new(
        p.ParkedEventId, p.Consumer, p.Position, p.TenantId, Change.Of(JsonSerializer.Deserialize<SequencedEvent>(p.Event, RegistryJson.Options)!), p.Attempts, p.Error, p.ParkedAt, p.ReplayRequestedAt);
}

internal static class ListParkedEvents
{
    public static async Task<Results<Ok<Page<ParkedEventView>>, Problem>> HandleAsync([AsParameters] Query query, [AsParameters] PageQuery page, RegistryScope scope, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        if (Paging<Query>.Of(page, query, nameof(ListParkedEvents), scope, findings) is not { } paging)
        {
            return Problems.Invalid(findings);
        }

        var parked = scope.OfAllTenants<ParkedEvent>();
        parked = paging.Query.Consumer is { } consumer ? parked.Where(p => p.Consumer == consumer) : parked;
        var rows = await paging.ReadAsync(parked, new Keyset<ParkedEvent>().By(p => p.Position).By(p => p.Consumer), p => p, cancellationToken);
        return TypedResults.Ok(new Page<ParkedEventView>([.. rows.Items.Select(ParkedEventView.Of)], rows.TotalCount, rows.Number, rows.PerPage, rows.NextCursor));
    }

    /// <summary>Which to list.</summary>
    internal sealed record Query([property: FromQuery(Name = "consumer")] string? Consumer) : IListQuery<Query>
    {
        public static Query Empty { get; } = new((string?)null);

        public void Validate(ICollection<Finding> findings)
        {
            if (Consumer?.Contains('\0', StringComparison.Ordinal) is true)
            {
                findings.Add(new("?consumer", "invalid_unicode", "The text holds U+0000."));
            }
        }
    }
}

internal static class GetParkedEvent
{
    public static async Task<Results<Ok<ParkedEventView>, Problem>> HandleAsync(Guid parkedEventId, RegistryScope scope, CancellationToken cancellationToken) =>
        await scope.FindParkedAsync(parkedEventId, cancellationToken) is { } parked ? TypedResults.Ok(ParkedEventView.Of(parked)) : Problems.NotFound("parked event");
}

internal static class ReplayParkedEvent
{
    public static async Task<Results<Accepted<ParkedEventView>, Problem>> HandleAsync(Guid parkedEventId, RegistryScope scope, CancellationToken cancellationToken)
    {
        if (await scope.FindParkedAsync(parkedEventId, cancellationToken) is not { } parked)
        {
            return Problems.NotFound("parked event");
        }

        var before = ParkedEventView.Of(parked);
        if (!scope.IsCurrent(before))
        {
            return Problems.PreconditionFailed();
        }

        parked.ReplayRequestedAt = scope.Now;
        var after = ParkedEventView.Of(parked);
        scope.Record(EventTypes.ParkedEventReplayed, new("parked_event", parkedEventId.ToString()) { Before = before, After = after });
        return await scope.SaveAsync(cancellationToken) ? TypedResults.Accepted((string?)null, after) : scope.Changed();
    }
}

internal static class DropParkedEvent
{
    public static async Task<Results<NoContent, Problem>> HandleAsync(Guid parkedEventId, RegistryScope scope, CancellationToken cancellationToken)
    {
        if (await scope.FindParkedAsync(parkedEventId, cancellationToken) is not { } parked)
        {
            return Problems.NotFound("parked event");
        }

        var before = ParkedEventView.Of(parked);
        if (!scope.IsCurrent(before))
        {
            return Problems.PreconditionFailed();
        }

        scope.Database.ParkedEvents.Remove(parked);
        scope.Record(EventTypes.ParkedEventDropped, new("parked_event", parkedEventId.ToString()) { Before = before });
        return await scope.SaveAsync(cancellationToken) ? TypedResults.NoContent() : scope.Changed();
    }
}

internal static class ParkedEventReader
{
    /// <summary>Finds a parked event of any tenant, and enters that tenant.</summary>
    public static async Task<ParkedEvent?> FindParkedAsync(this RegistryScope scope, Guid parkedEventId, CancellationToken cancellationToken)
    {
        if (await scope.OfAllTenants<ParkedEvent>().Where(p => p.ParkedEventId == parkedEventId).Select(p => p.TenantId).FirstOrDefaultAsync(cancellationToken) is not { } tenantId)
        {
            return null;
        }

        await scope.EnterTenantAsync(tenantId, cancellationToken);
        return await scope.Database.ParkedEvents.FirstOrDefaultAsync(p => p.ParkedEventId == parkedEventId, cancellationToken);
    }
}
