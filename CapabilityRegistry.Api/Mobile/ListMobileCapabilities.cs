using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Mobile;

internal static class ListMobileCapabilities
{
    private const int DefaultLimit = 25;
    private const int MaxLimit = 100;

    /// <summary>The furthest row that offsets reach; a synchronisation reaches all.</summary>
    private const int LastRow = 10_000;

    public static async Task<Results<Ok<Response>, Problem>> HandleAsync([AsParameters] Query query, RegistryScope scope, CancellationToken cancellationToken)
    {
        if (query.Validate() is { Count: > 0 } findings)
        {
            return Problems.Invalid(findings);
        }

        var (limit, offset) = (query.Limit ?? DefaultLimit, query.Offset ?? 0);
        var living = scope.Database.Capabilities.AsNoTracking().Where(c => c.DeletedAt == null);
        var total = await living.LongCountAsync(cancellationToken);
        var items = await living.OrderBy(c => c.CapabilityCode).Skip(offset).Take(limit).Select(CompactCapability.From).ToListAsync(cancellationToken);
        return TypedResults.Ok(new Response(items, total, limit, offset, offset + items.Count < total));
    }

    /// <summary>Which part of the list.</summary>
    internal sealed record Query([property: FromQuery(Name = "limit")] int? Limit, [property: FromQuery(Name = "offset")] int? Offset)
    {
        public List<Finding> Validate()
        {
            var findings = new List<Finding>();
            if (Limit is < 1 or > MaxLimit)
            {
                findings.Add(new("?limit", "number_out_of_range", $"Must be from 1 to {MaxLimit}."));
            }

            if (Offset < 0 || (Offset ?? 0L) + (Limit ?? DefaultLimit) > LastRow)
            {
                findings.Add(new("?offset", "number_out_of_range", $"Must be at least 0, and the list ends at row {LastRow}; synchronise instead: POST /api/mobile/sync."));
            }

            return findings;
        }
    }

    /// <summary>A part of the list, ordered by code.</summary>
    internal sealed record Response(IReadOnlyList<CompactCapability> Items, long TotalCount, int Limit, int Offset, bool HasMore);
}
