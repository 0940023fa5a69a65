using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Audit;

internal static class ListAudit
{
    public static async Task<Results<Ok<Page<Item>>, Problem>> HandleAsync([AsParameters] Query query, [AsParameters] PageQuery page, RegistryScope scope, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        if (Paging<Query>.Of(page, query, nameof(ListAudit), scope, findings) is not { } paging)
        {
            return Problems.Invalid(findings);
        }

        var rows = await paging.ReadAsync(Filter(scope.Database.AuditEntries.AsNoTracking(), paging.Query), new Keyset<AuditEntry>().By(a => a.AuditId, descending: true), a => a, cancellationToken);
        return TypedResults.Ok(new Page<Item>([.. rows.Items.Select(Item.Of)], rows.TotalCount, rows.Number, rows.PerPage, rows.NextCursor));
    }

    private static IQueryable<AuditEntry> Filter(IQueryable<AuditEntry> entries, Query query)
    {
        entries = query.Actor is { } actor ? entries.Where(a => a.Actor == actor) : entries;
        entries = query.Action is { } action ? entries.Where(a => a.Action == action) : entries;
        entries = query.ResourceType is { } type ? entries.Where(a => a.ResourceType == type) : entries;
        entries = query.ResourceId is { } id ? entries.Where(a => a.ResourceId == id) : entries;
        entries = query.RequestId is { } request ? entries.Where(a => a.RequestId == request) : entries;
        var (since, until) = (query.Since?.ToUniversalTime(), query.Until?.ToUniversalTime());
        entries = since is not null ? entries.Where(a => a.OccurredAt >= since) : entries;
        return until is not null ? entries.Where(a => a.OccurredAt < until) : entries;
    }

    /// <summary>Which entries to list.</summary>
    internal sealed record Query(
        [property: FromQuery(Name = "actor")] string? Actor,
        [property: FromQuery(Name = "action")] string? Action,
        [property: FromQuery(Name = "resource_type")] string? ResourceType,
        [property: FromQuery(Name = "resource_id")] string? ResourceId,
        [property: FromQuery(Name = "request_id")] string? RequestId,
        [property: FromQuery(Name = "since")] DateTimeOffset? Since,
        [property: FromQuery(Name = "until")] DateTimeOffset? Until) : IListQuery<Query>
    {
        public static Query Empty { get; } = new(null, null, null, null, null, null, null);

        public void Validate(ICollection<Finding> findings)
        {
            foreach (var (name, value) in new[] { ("actor", Actor), ("action", Action), ("resource_type", ResourceType), ("resource_id", ResourceId), ("request_id", RequestId) })
            {
                if (value?.Contains('\0', StringComparison.Ordinal) is true)
                {
                    findings.Add(new($"?{name}", "invalid_unicode", "The text holds U+0000."));
                }
            }
        }
    }

    /// <summary>Who did what, from where, when; with the digests of the representation before and afterwards.</summary>
    internal sealed record Item(
        long AuditId, DateTimeOffset OccurredAt, string Actor, string? ActorAddress, string Action, string ResourceType, string ResourceId, string? BeforeHash, string? AfterHash, string? RequestId)
    {
        public static Item Of(AuditEntry a) =>
            new(a.AuditId, a.OccurredAt, a.Actor, a.ActorAddress, a.Action, a.ResourceType, a.ResourceId, Hash(a.BeforeHash), Hash(a.AfterHash), a.RequestId);

        private static string? Hash(byte[]? hash) => hash is null ? null : $"sha256:{Convert.ToHexStringLower(hash)}";
    }
}
