using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data;
using CapabilityRegistry.Data.Model;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>Filters and orders capabilities. Words are found by PostgreSQL's full-text search over name and description, parts of codes by trigrams; both have an index.</summary>
internal static class CapabilitySearch
{
    private const string English = "english";

    public static IReadOnlyList<string> Sorts { get; } =
        ["relevance", "capability_code", "-capability_code", "capability_name", "-capability_name", "quality_score", "-quality_score", "updated_at", "-updated_at", "created_at", "-created_at"];

    public static IQueryable<Capability> Filter(RegistryDbContext database, ListCapabilities.Query query)
    {
        var capabilities = database.Capabilities.AsNoTracking().Where(c => c.DeletedAt == null);
        if (!string.IsNullOrWhiteSpace(query.Search))
        {
            var (words, part) = (query.Search, PartOfCode(query.Search));
            capabilities = capabilities.Where(c =>
                EF.Functions.ToTsVector(English, c.CapabilityName + " " + c.Description).Matches(EF.Functions.WebSearchToTsQuery(English, words))
                || EF.Functions.Like(c.CapabilityCode, part));
        }

        capabilities = query.Category is { } category ? capabilities.Where(c => c.Category == category) : capabilities;
        capabilities = query.Status is { } status ? capabilities.Where(c => c.Status == status) : capabilities;
        capabilities = query.Keyword is { } keyword ? capabilities.Where(c => c.CompositionKeywords.Contains(keyword)) : capabilities;
        capabilities = query.MinQualityScore is { } score ? capabilities.Where(c => c.QualityScore >= score) : capabilities;
        return query.Service is { } service ? Providing(database, capabilities, service) : capabilities;
    }

    public static IOrderedQueryable<Capability> Sort(IQueryable<Capability> matching, ListCapabilities.Query query)
    {
        var sort = query.Sort ?? (string.IsNullOrWhiteSpace(query.Search) ? "capability_code" : "relevance");
        return sort switch
        {
            "relevance" when !string.IsNullOrWhiteSpace(query.Search) => ByRelevance(matching, query.Search),
            "-capability_code" => matching.OrderByDescending(c => c.CapabilityCode),
            "capability_name" => matching.OrderBy(c => c.CapabilityName).ThenBy(c => c.CapabilityCode),
            "-capability_name" => matching.OrderByDescending(c => c.CapabilityName).ThenBy(c => c.CapabilityCode),
            "quality_score" => matching.OrderBy(c => c.QualityScore).ThenBy(c => c.CapabilityCode),
            "-quality_score" => matching.OrderByDescending(c => c.QualityScore).ThenBy(c => c.CapabilityCode),
            "updated_at" => matching.OrderBy(c => c.UpdatedAt).ThenBy(c => c.CapabilityCode),
            "-updated_at" => matching.OrderByDescending(c => c.UpdatedAt).ThenBy(c => c.CapabilityCode),
            "created_at" => matching.OrderBy(c => c.CreatedAt).ThenBy(c => c.CapabilityCode),
            "-created_at" => matching.OrderByDescending(c => c.CreatedAt).ThenBy(c => c.CapabilityCode),
            _ => matching.OrderBy(c => c.CapabilityCode),
        };
    }

    /// <summary>The code itself first, then codes that begin with the words, then the rank of the text; the code decides what is left.</summary>
    private static IOrderedQueryable<Capability> ByRelevance(IQueryable<Capability> matching, string search)
    {
        var code = search.Trim().ToLowerInvariant();
        return matching
            .OrderByDescending(c => c.CapabilityCode == code)
            .ThenByDescending(c => c.CapabilityCode.StartsWith(code))
            .ThenByDescending(c => EF.Functions.ToTsVector(English, c.CapabilityName + " " + c.Description).Rank(EF.Functions.WebSearchToTsQuery(English, search)))
            .ThenBy(c => c.CapabilityCode);
    }

    private static IQueryable<Capability> Providing(RegistryDbContext database, IQueryable<Capability> capabilities, string service)
    {
        var name = CapabilityCode.Normalise(service);
        return capabilities.Where(c => database.ProvidedServices.Any(s =>
            s.VersionId == c.LatestVersionId && database.Names.Any(n => n.NameId == s.ServiceId && n.Text == name)));
    }

    private static string PartOfCode(string search) =>
        $"%{search.Trim().ToLowerInvariant().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
}
