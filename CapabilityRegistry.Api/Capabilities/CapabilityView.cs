using System.Linq.Expressions;
using System.Text.Json;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>A capability in a list.</summary>
internal sealed record CapabilitySummary(
    Guid CapabilityId,
    string CapabilityCode,
    string CapabilityName,
    string Description,
    string Category,
    string Subcategory,
    string Status,
    string LatestVersion,
    IReadOnlyList<string> CompositionKeywords,
    double QualityScore,
    double PopularityScore,
    long UsageCount,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static readonly Expression<Func<Capability, CapabilitySummary>> From = c => new CapabilitySummary(
        c.CapabilityId, c.CapabilityCode, c.CapabilityName, c.Description, c.Category, c.Subcategory, c.Status,
        c.LatestVersion, c.CompositionKeywords, c.QualityScore, c.PopularityScore, c.UsageCount, c.CreatedAt, c.UpdatedAt);
}

/// <summary>A capability's page: what is edited, what its newest version declares, what the registry computes.</summary>
internal sealed record CapabilityView(
    Guid CapabilityId,
    string CapabilityCode,
    string CapabilityName,
    string Description,
    string? LongDescription,
    string Version,
    string Category,
    string Subcategory,
    string Status,
    IReadOnlyList<string> CompositionKeywords,
    IReadOnlyList<ProvidedService> ProvidesServices,
    IReadOnlyList<Dependency> Dependencies,
    IReadOnlyList<string>? ApiEndpoints,
    IReadOnlyList<string>? DataModels,
    IReadOnlyList<string>? TargetUsers,
    string? BusinessValue,
    IReadOnlyList<string>? UseCases,
    IReadOnlyList<string>? IndustryFocus,
    string? FilePath,
    string? ModulePath,
    string? DocumentationPath,
    string? RepositoryUrl,
    bool? MultiTenant,
    bool? AuditEnabled,
    bool? SecurityIntegration,
    bool? PerformanceOptimized,
    bool? AiEnhanced,
    double? ComplexityScore,
    Resources? Resources,
    IReadOnlyDictionary<string, JsonElement>? Metadata,
    double QualityScore,
    IReadOnlyList<QualityPart> QualityParts,
    double PopularityScore,
    long UsageCount,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string CreatedBy)
{
    public static CapabilityView Of(Capability c, string latestManifest)
    {
        var manifest = JsonSerializer.Deserialize<Manifest>(latestManifest, RegistryJson.Options)!;
        return Of(c, manifest.ProvidesServices ?? [], manifest.Dependencies ?? [], Quality.Parts(manifest));
    }

    /// <summary>The page after its editable part has changed; what the newest version declares is as it was.</summary>
    public CapabilityView With(Capability c) => Of(c, ProvidesServices, Dependencies, QualityParts);

    private static CapabilityView Of(Capability c, IReadOnlyList<ProvidedService> services, IReadOnlyList<Dependency> dependencies, IReadOnlyList<QualityPart> quality)
    {
        var details = CapabilityDetails.Parse(c.Details);
        return new(
            c.CapabilityId, c.CapabilityCode, c.CapabilityName, c.Description, details.LongDescription, c.LatestVersion, c.Category, c.Subcategory, c.Status,
            c.CompositionKeywords, services, dependencies, details.ApiEndpoints, details.DataModels, details.TargetUsers,
            details.BusinessValue, details.UseCases, details.IndustryFocus, details.FilePath, details.ModulePath, details.DocumentationPath, details.RepositoryUrl,
            details.MultiTenant, details.AuditEnabled, details.SecurityIntegration, details.PerformanceOptimized, details.AiEnhanced, details.ComplexityScore,
            details.Resources, details.Metadata, c.QualityScore, quality, c.PopularityScore, c.UsageCount, c.CreatedAt, c.UpdatedAt, c.CreatedBy);
    }
}

/// <summary>A version with its manifest.</summary>
internal sealed record VersionView(
    Guid VersionId, string CapabilityCode, string Version, LifecycleView Lifecycle, double QualityScore, string ContentHash, DateTimeOffset CreatedAt, string CreatedBy, JsonElement Manifest)
{
    public static VersionView Of(string code, CapabilityVersion v) => new(
        v.VersionId, code, v.Version, new(v.Lifecycle, v.LifecycleMessage, v.ReplacedBy, v.SunsetAt), v.QualityScore, $"sha256:{Convert.ToHexStringLower(v.ContentHash)}",
        v.CreatedAt, v.CreatedBy, JsonSerializer.Deserialize<JsonElement>(v.Manifest, RegistryJson.Options));
}

/// <summary>Where a version stands in its life.</summary>
internal sealed record LifecycleView(LifecycleState State, string? Message, string? ReplacedBy, DateTimeOffset? SunsetAt);
