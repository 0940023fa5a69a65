using System.Text.Json;
using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Data.Model;

/// <summary>The descriptive members of a capability's page that are not columns. Stored as one JSON object.</summary>
public sealed record CapabilityDetails
{
    public string? LongDescription { get; init; }

    public IReadOnlyList<string>? ApiEndpoints { get; init; }

    public IReadOnlyList<string>? DataModels { get; init; }

    public IReadOnlyList<string>? TargetUsers { get; init; }

    public string? BusinessValue { get; init; }

    public IReadOnlyList<string>? UseCases { get; init; }

    public IReadOnlyList<string>? IndustryFocus { get; init; }

    public string? FilePath { get; init; }

    public string? ModulePath { get; init; }

    public string? DocumentationPath { get; init; }

    public string? RepositoryUrl { get; init; }

    public bool? MultiTenant { get; init; }

    public bool? AuditEnabled { get; init; }

    public bool? SecurityIntegration { get; init; }

    public bool? PerformanceOptimized { get; init; }

    public bool? AiEnhanced { get; init; }

    public double? ComplexityScore { get; init; }

    public Resources? Resources { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? Metadata { get; init; }

    /// <summary>What a manifest says.</summary>
    public static CapabilityDetails Of(Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return new()
        {
            LongDescription = manifest.LongDescription,
            ApiEndpoints = manifest.ApiEndpoints,
            DataModels = manifest.DataModels,
            TargetUsers = manifest.TargetUsers,
            BusinessValue = manifest.BusinessValue,
            UseCases = manifest.UseCases,
            IndustryFocus = manifest.IndustryFocus,
            FilePath = manifest.FilePath,
            ModulePath = manifest.ModulePath,
            DocumentationPath = manifest.DocumentationPath,
            RepositoryUrl = manifest.RepositoryUrl,
            MultiTenant = manifest.MultiTenant,
            AuditEnabled = manifest.AuditEnabled,
            SecurityIntegration = manifest.SecurityIntegration,
            PerformanceOptimized = manifest.PerformanceOptimized,
            AiEnhanced = manifest.AiEnhanced,
            ComplexityScore = manifest.ComplexityScore,
            Resources = manifest.Resources,
            Metadata = manifest.Metadata,
        };
    }

    /// <summary>Reads what the column holds.</summary>
    public static CapabilityDetails Parse(string json) => JsonSerializer.Deserialize<CapabilityDetails>(json, RegistryJson.Options)!;

    /// <summary>What the column holds.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RegistryJson.Options);
}
