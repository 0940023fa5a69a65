using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Search;
using CapabilityRegistry.Data;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Search;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>Filters and orders capabilities where their order is not that of relevance, which is the search index's.</summary>
internal static class CapabilitySearch
{
    public static IReadOnlyList<string> Sorts { get; } =
        ["relevance", "capability_code", "-capability_code", "capability_name", "-capability_name", "quality_score", "-quality_score", "updated_at", "-updated_at", "created_at", "-created_at"];

    public static IQueryable<Capability> Filter(RegistryDbContext database, ListCapabilities.Query query)
    {
        var capabilities = database.Capabilities.AsNoTracking().Where(c => c.DeletedAt == null);
        capabilities = string.IsNullOrWhiteSpace(query.Search) ? capabilities : Among(capabilities, Found(database, query.Search));
        capabilities = query.Category is { } category ? capabilities.Where(c => c.Category == category) : capabilities;
        capabilities = query.Status is { } status ? capabilities.Where(c => c.Status == status) : capabilities;
        capabilities = query.Keyword is { } keyword ? Among(capabilities, database.FindKeyword(keyword)) : capabilities;
        capabilities = query.MinQualityScore is { } score ? capabilities.Where(c => c.QualityScore >= score) : capabilities;
        return query.Service is { } service ? Providing(database, capabilities, service) : capabilities;
    }

    /// <summary>Whether the search index answers: it knows one order only.</summary>
    public static bool IsByRelevance(ListCapabilities.Query query) => !string.IsNullOrWhiteSpace(query.Search) && query.Sort is null or "relevance";

    /// <summary>The order that is asked for; the code decides between equals.</summary>
    public static Keyset<Capability> Order(ListCapabilities.Query query)
    {
        var order = new Keyset<Capability>();
        return query.Sort switch
        {
            "-capability_code" => order.By(c => c.CapabilityCode, descending: true),
            "capability_name" => order.By(c => c.CapabilityName).By(c => c.CapabilityCode),
            "-capability_name" => order.By(c => c.CapabilityName, descending: true).By(c => c.CapabilityCode),
            "quality_score" => order.By(c => c.QualityScore).By(c => c.CapabilityCode),
            "-quality_score" => order.By(c => c.QualityScore, descending: true).By(c => c.CapabilityCode),
            "updated_at" => order.By(c => c.UpdatedAt).By(c => c.CapabilityCode),
            "-updated_at" => order.By(c => c.UpdatedAt, descending: true).By(c => c.CapabilityCode),
            "created_at" => order.By(c => c.CreatedAt).By(c => c.CapabilityCode),
            "-created_at" => order.By(c => c.CreatedAt, descending: true).By(c => c.CapabilityCode),
            _ => order.By(c => c.CapabilityCode),
        };
    }

    private static IQueryable<FoundCapability> Found(RegistryDbContext database, string search)
    {
        var query = SearchQuery.Parse(search);
        var (words, part) = (PostgresQuery.Of(query), query.IsOneWord ? PostgresQuery.PartOf(query).Part : null);
        return query.IsEmpty ? database.FindCapabilities(null, null, null, null) : database.FindCapabilities(words.Names, words.Words, words.Excluded, part);
    }

    private static IQueryable<Capability> Among(IQueryable<Capability> capabilities, IQueryable<FoundCapability> found) => capabilities.Where(c => found.Any(f => f.CapabilityId == c.CapabilityId));

    private static IQueryable<Capability> Providing(RegistryDbContext database, IQueryable<Capability> capabilities, string service)
    {
        var name = CapabilityCode.Normalise(service);
        return capabilities.Where(c => database.ProvidedServices.Any(s =>
            s.VersionId == c.LatestVersionId && database.Names.Any(n => n.NameId == s.ServiceId && n.Text == name)));
    }
}
