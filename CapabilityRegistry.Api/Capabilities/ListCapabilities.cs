using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

internal static class ListCapabilities
{
    public static async Task<Results<Ok<Response>, Problem>> HandleAsync([AsParameters] Query query, RegistryScope scope, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var page = query.Page;
        page.Validate(findings);
        query.Validate(findings);
        if (findings.Count > 0)
        {
            return Problems.Invalid(findings);
        }

        var matching = CapabilitySearch.Filter(scope.Database, query);
        var total = await matching.LongCountAsync(cancellationToken);
        var items = total == 0 ? [] : await CapabilitySearch.Sort(matching, query).Skip(page.Skip).Take(page.Size).Select(CapabilitySummary.From).ToListAsync(cancellationToken);
        var facets = query.Facets is true ? await FacetsAsync(matching, cancellationToken) : null;
        return TypedResults.Ok(new Response(new(items, total, page.Number, page.Size), facets));
    }

    private static async Task<Facets> FacetsAsync(IQueryable<Capability> matching, CancellationToken cancellationToken)
    {
        var categories = await matching.GroupBy(c => c.Category).Select(g => new FacetValue(g.Key, g.LongCount())).ToListAsync(cancellationToken);
        var states = await matching.GroupBy(c => c.Status).Select(g => new FacetValue(g.Key, g.LongCount())).ToListAsync(cancellationToken);
        return new(Order(categories), Order(states));
    }

    private static IReadOnlyList<FacetValue> Order(List<FacetValue> values) => [.. values.OrderByDescending(v => v.Count).ThenBy(v => v.Value, StringComparer.Ordinal)];

    /// <summary>What to list.</summary>
    internal sealed record Query(
        [property: FromQuery(Name = "search")] string? Search,
        [property: FromQuery(Name = "category")] string? Category,
        [property: FromQuery(Name = "status")] string? Status,
        [property: FromQuery(Name = "keyword")] string? Keyword,
        [property: FromQuery(Name = "service")] string? Service,
        [property: FromQuery(Name = "min_quality_score")] double? MinQualityScore,
        [property: FromQuery(Name = "sort")] string? Sort,
        [property: FromQuery(Name = "facets")] bool? Facets,
        [property: FromQuery(Name = "page")] int? PageNumber,
        [property: FromQuery(Name = "per_page")] int? PerPage)
    {
        public PageQuery Page => new(PageNumber, PerPage);

        public void Validate(ICollection<Finding> findings)
        {
            if (Search?.Length > 200)
            {
                findings.Add(new("?search", "too_long", "At most 200 characters are searched for."));
            }

            foreach (var (name, value) in new[] { ("search", Search), ("category", Category), ("keyword", Keyword) })
            {
                if (value?.Contains('\0', StringComparison.Ordinal) is true)
                {
                    findings.Add(new($"?{name}", "invalid_unicode", "The text holds U+0000."));
                }
            }

            if (Status is not null && !CapabilityStatus.All.Contains(Status))
            {
                findings.Add(new("?status", "invalid_value", $"'{Status}' is none of {string.Join(", ", CapabilityStatus.All)}."));
            }

            if (MinQualityScore is < 0 or > 1 or double.NaN)
            {
                findings.Add(new("?min_quality_score", "number_out_of_range", "Must be from 0 to 1."));
            }

            if (Sort is not null && !CapabilitySearch.Sorts.Contains(Sort))
            {
                findings.Add(new("?sort", "invalid_value", $"'{Sort}' is none of {string.Join(", ", CapabilitySearch.Sorts)}.{NearestName.Hint(Sort, CapabilitySearch.Sorts)}"));
            }
        }
    }

    /// <summary>A page of capabilities, with counts by category and status when asked for.</summary>
    internal sealed record Response(IReadOnlyList<CapabilitySummary> Items, long TotalCount, int Page, int PerPage, long TotalPages, bool HasNext, bool HasPrev, Facets? Facets)
    {
        public Response(Page<CapabilitySummary> page, Facets? facets)
            : this(page.Items, page.TotalCount, page.PageNumber, page.PerPage, page.TotalPages, page.HasNext, page.HasPrev, facets)
        {
        }
    }

    internal sealed record Facets(IReadOnlyList<FacetValue> Category, IReadOnlyList<FacetValue> Status);

    internal sealed record FacetValue(string Value, long Count);
}
