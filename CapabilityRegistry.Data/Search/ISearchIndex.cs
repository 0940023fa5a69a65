namespace CapabilityRegistry.Data.Search;

/// <summary>Finds capabilities. Every engine finds the same ones in the same order, up to how far it has read the event sequence, so that a list can be continued by another.</summary>
public interface ISearchIndex
{
    /// <summary>Searches.</summary>
    Task<SearchAnswer> SearchAsync(SearchRequest request, CancellationToken cancellationToken);
}
