using CapabilityRegistry.Api.Events;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Search;
using CapabilityRegistry.Data.Search;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>Lists what the search index finds. The index says which and in what order; what is shown is read from PostgreSQL, so that no answer shows what is no longer so.</summary>
internal sealed class RelevantCapabilities(RegistryScope scope, ISearchIndex index)
{
    public async Task<ListCapabilities.Response> ReadAsync(Paging<ListCapabilities.Query> paging, CancellationToken cancellationToken)
    {
        SearchAnswer? answer = null;
        var page = await paging.ReadAsync<CapabilitySummary, SearchPlace>(async (skip, take, after) =>
        {
            answer = await index.SearchAsync(Request(paging.Query, new(skip, take, after)), cancellationToken);
            return (answer.Total, await ReadAsync(answer.Hits, cancellationToken));
        });
        var facets = answer!.Facets is { } found ? new ListCapabilities.Facets(Values(found.Category), Values(found.Status)) : null;
        return new(page, facets, answer.Engine);
    }

    private SearchRequest Request(ListCapabilities.Query query, SearchWindow window) =>
        new(scope.TenantId, SearchQuery.Parse(query.Search!), new(query.Category, query.Status, query.Keyword, Service(query.Service), query.MinQualityScore), window) { WantsFacets = query.Facets is true, MinPosition = PositionFilter.Demanded(scope.Http.Request) };

    /// <summary>A text that can be no service is provided by nobody: it stays what it is, and is not found.</summary>
    private static string? Service(string? text) => text is null ? null : CapabilityCode.Normalise(text) ?? text;

    private async Task<IReadOnlyList<Keyed<CapabilitySummary>>> ReadAsync(IReadOnlyList<SearchHit> hits, CancellationToken cancellationToken)
    {
        var ids = hits.Select(hit => hit.CapabilityId).ToArray();
        var rows = await scope.Database.Capabilities.AsNoTracking().Where(c => c.DeletedAt == null && ids.Contains(c.CapabilityId)).Select(CapabilitySummary.From).ToDictionaryAsync(c => c.CapabilityId, cancellationToken);
        return [.. hits.Select(hit => new Keyed<CapabilitySummary>(rows.GetValueOrDefault(hit.CapabilityId)!, [hit.Place]))];
    }

    private static IReadOnlyList<ListCapabilities.FacetValue> Values(IReadOnlyList<SearchFacet> facets) => [.. facets.Select(f => new ListCapabilities.FacetValue(f.Value, f.Count))];
}
