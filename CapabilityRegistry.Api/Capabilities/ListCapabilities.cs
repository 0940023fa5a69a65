using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Search;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

internal static class ListCapabilities
{
    public static async Task<Results<Ok<Response>, Problem>> HandleAsync([AsParameters] Query query, [AsParameters] PageQuery page, RegistryScope scope, ISearchIndex index, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        if (Paging<Query>.Of(page, query, nameof(ListCapabilities), scope, findings) is not { } paging)
        {
            return Problems.Invalid(findings);
        }

        if (CapabilitySearch.IsByRelevance(paging.Query))
        {
            return TypedResults.Ok(await new RelevantCapabilities(scope, index).ReadAsync(paging, cancellationToken));
        }

        var matching = CapabilitySearch.Filter(scope.Database, paging.Query);
        var items = await paging.ReadAsync(matching, CapabilitySearch.Order(paging.Query), CapabilitySummary.From, cancellationToken);
        var facets = paging.Query.Facets is true ? await FacetsAsync(matching, cancellationToken) : null;
        return TypedResults.Ok(new Response(items, facets, string.IsNullOrWhiteSpace(paging.Query.Search) ? null : PostgresSearchIndex.Engine));
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
        [property: FromQuery(Name = "facets")] bool? Facets) : IListQuery<Query>
    {
        public static Query Empty { get; } = new(null, null, null, null, null, null, null, null);

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
    internal sealed record Response : Page<CapabilitySummary>
    {
        public Response(Page<CapabilitySummary> page, Facets? facets, string? engine)
            : base(page) => (Facets, Engine) = (facets, engine);

        public Facets? Facets { get; }

        /// <summary>Of a search: who answered it, postgres or elasticsearch.</summary>
        public string? Engine { get; }
    }

    internal sealed record Facets(IReadOnlyList<FacetValue> Category, IReadOnlyList<FacetValue> Status);

    internal sealed record FacetValue(string Value, long Count);
}
