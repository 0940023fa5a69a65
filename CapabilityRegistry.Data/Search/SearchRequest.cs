using CapabilityRegistry.Core.Search;

namespace CapabilityRegistry.Data.Search;

/// <summary>A search within a tenant, in the order of relevance.</summary>
public sealed record SearchRequest(string TenantId, SearchQuery Query, SearchFilter Filter, SearchWindow Window)
{
    /// <summary>Whether matches are to be counted by category and status.</summary>
    public bool WantsFacets { get; init; }

    /// <summary>The position in the event sequence that the answer must know of; null where any will do.</summary>
    public long? MinPosition { get; init; }
}

/// <summary>What a match must have beside the words.</summary>
public sealed record SearchFilter(string? Category = null, string? Status = null, string? Keyword = null, string? Service = null, double? MinQualityScore = null);

/// <summary>Which of the matches.</summary>
/// <param name="Skip">How many of the first ones not.</param>
/// <param name="Take">How many at most.</param>
/// <param name="After">The place after which to go on, or null.</param>
public sealed record SearchWindow(int Skip, int Take, SearchPlace? After = null);

/// <summary>A place in the order of relevance, the same in every engine: how it was found, then the static rank, both from high to low, then the code.</summary>
/// <param name="Match">3 for the code itself, 2 for words of the name, 1 for words anywhere, 0 for a part of the code.</param>
/// <param name="StaticRank">What the capability is worth whatever is searched for.</param>
/// <param name="Code">The capability's code.</param>
public sealed record SearchPlace(int Match, int StaticRank, string Code);

/// <summary>A match.</summary>
public sealed record SearchHit(Guid CapabilityId, SearchPlace Place);

/// <summary>How many matches have a value.</summary>
public sealed record SearchFacet(string Value, long Count);

/// <summary>The matches by category and by status.</summary>
public sealed record SearchFacets(IReadOnlyList<SearchFacet> Category, IReadOnlyList<SearchFacet> Status)
{
    /// <summary>Counts up single rows.</summary>
    public static SearchFacets Of(IReadOnlyCollection<(string Category, string Status, long Count)> rows) => new(Sum(rows.Select(r => (r.Category, r.Count))), Sum(rows.Select(r => (r.Status, r.Count))));

    private static IReadOnlyList<SearchFacet> Sum(IEnumerable<(string Value, long Count)> rows) =>
        [.. rows.GroupBy(r => r.Value, StringComparer.Ordinal).Select(g => new SearchFacet(g.Key, g.Sum(r => r.Count))).OrderByDescending(f => f.Count).ThenBy(f => f.Value, StringComparer.Ordinal)];
}

/// <summary>What was found.</summary>
/// <param name="Engine">Who answered, as the API names it.</param>
/// <param name="Hits">The matches of the window, in order.</param>
/// <param name="Total">How many there are; <see cref="MostCounted"/> stands for that many or more.</param>
/// <param name="Facets">The counts, when they were asked for.</param>
public sealed record SearchAnswer(string Engine, IReadOnlyList<SearchHit> Hits, long Total, SearchFacets? Facets)
{
    /// <summary>Where counting ends: as far as page numbers reach.</summary>
    public const int MostCounted = 10_000;
}
