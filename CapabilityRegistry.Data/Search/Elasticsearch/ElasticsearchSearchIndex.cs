using System.Text.Json;

namespace CapabilityRegistry.Data.Search.Elasticsearch;

/// <summary>Searches the index of Elasticsearch, where there is one that is complete.</summary>
internal sealed class ElasticsearchSearchIndex(ElasticsearchClient client, IndexNames names)
{
    /// <summary>The engine's name in answers.</summary>
    public const string Engine = "elasticsearch";

    /// <summary>Searches. Null when it is not for this engine: there is no index, the window lies too deep, or nothing was found and parts of codes are to be looked at.</summary>
    /// <exception cref="ElasticsearchException">It does not answer, or refuses.</exception>
    public async Task<SearchAnswer?> SearchAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        // Deeper than this the server refuses pages by number.
        if ((request.Window.After is null && request.Window.Skip + request.Window.Take > SearchAnswer.MostCounted) || request.Window.After?.Match == 0)
        {
            return null;
        }

        var response = await client.SearchAsync(ElasticsearchTransport.Searching, names.Read, request.TenantId, ElasticsearchQuery.Of(request), cancellationToken);
        return response is null || (response.Hits.Total?.Value == 0 && request.Query.IsOneWord) ? null : Answer(request, response);
    }

    private static SearchAnswer Answer(SearchRequest request, SearchResponse response) => new(
        Engine,
        [.. response.Hits.Hits.Select(hit => new SearchHit(hit.Source.Id, Place(hit.Sort)))],
        Math.Min(response.Hits.Total?.Value ?? 0, SearchAnswer.MostCounted),
        request.WantsFacets ? new(Facet(response, "category"), Facet(response, "status")) : null);

    private static SearchPlace Place(IReadOnlyList<JsonElement>? sort) => sort is [var score, var rank, var code]
        ? new((int)score.GetDouble(), (int)rank.GetDouble(), code.GetString()!)
        : throw new ElasticsearchUnavailableException(200, "a hit without its place.");

    private static IReadOnlyList<SearchFacet> Facet(SearchResponse response, string name) =>
        [.. (response.Aggregations?.GetValueOrDefault(name)?.Buckets ?? []).Select(b => new SearchFacet(b.Key, b.DocCount)).OrderByDescending(f => f.Count).ThenBy(f => f.Value, StringComparer.Ordinal)];
}
