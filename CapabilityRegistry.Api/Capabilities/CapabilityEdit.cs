using System.Text.Json;
using System.Text.Json.Serialization;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>The part of a capability's page that people edit. Versions are not touched by it.</summary>
internal sealed record CapabilityEdit
{
    [JsonRequired]
    public required string CapabilityName { get; init; }

    public string? Description { get; init; }

    public string? Category { get; init; }

    public string? Subcategory { get; init; }

    /// <summary>One of discovered, registered, validated, active; the rest follows from the versions.</summary>
    public string? Status { get; init; }

    public IReadOnlyList<string>? CompositionKeywords { get; init; }

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

    public static CapabilityEdit Of(Capability c)
    {
        var details = CapabilityDetails.Parse(c.Details);
        return new()
        {
            CapabilityName = c.CapabilityName,
            Description = c.Description,
            Category = c.Category,
            Subcategory = c.Subcategory,
            CompositionKeywords = c.CompositionKeywords,
            LongDescription = details.LongDescription,
            ApiEndpoints = details.ApiEndpoints,
            DataModels = details.DataModels,
            TargetUsers = details.TargetUsers,
            BusinessValue = details.BusinessValue,
            UseCases = details.UseCases,
            IndustryFocus = details.IndustryFocus,
            FilePath = details.FilePath,
            ModulePath = details.ModulePath,
            DocumentationPath = details.DocumentationPath,
            RepositoryUrl = details.RepositoryUrl,
            MultiTenant = details.MultiTenant,
            AuditEnabled = details.AuditEnabled,
            SecurityIntegration = details.SecurityIntegration,
            PerformanceOptimized = details.PerformanceOptimized,
            AiEnhanced = details.AiEnhanced,
            ComplexityScore = details.ComplexityScore,
            Resources = details.Resources,
            Metadata = details.Metadata,
        };
    }

    /// <summary>The rules are those of a manifest.</summary>
    public List<Finding> Validate(Capability c)
    {
        var findings = new List<Finding>();
        ManifestValidator.Validate(ToManifest(c), findings);
        string[] settable = [CapabilityStatus.Discovered, CapabilityStatus.Registered, CapabilityStatus.Validated, CapabilityStatus.Active];
        if (Status is not null && !settable.Contains(Status))
        {
            findings.Add(new("/status", "invalid_value", $"'{Status}' is none of {string.Join(", ", settable)}."));
        }

        if (string.IsNullOrWhiteSpace(CapabilityName))
        {
            findings.Add(new("/capability_name", "invalid_value", "A name must not be blank."));
        }

        return findings;
    }

    public void ApplyTo(Capability c, DateTimeOffset now)
    {
        (c.CapabilityName, c.Description, c.Category, c.Subcategory) = (CapabilityName, Description ?? "", Category ?? "", Subcategory ?? "");
        c.CompositionKeywords = [.. CompositionKeywords ?? []];
        c.Status = Status ?? c.Status;
        c.Details = CapabilityDetails.Of(ToManifest(c)).ToJson();
        c.UpdatedAt = now;
        c.Revision++;
    }

    private Manifest ToManifest(Capability c) => new()
    {
        CapabilityCode = c.CapabilityCode,
        Version = c.LatestVersion,
        CapabilityName = CapabilityName,
        Description = Description,
        LongDescription = LongDescription,
        Category = Category,
        Subcategory = Subcategory,
        CompositionKeywords = CompositionKeywords,
        ApiEndpoints = ApiEndpoints,
        DataModels = DataModels,
        TargetUsers = TargetUsers,
        BusinessValue = BusinessValue,
        UseCases = UseCases,
        IndustryFocus = IndustryFocus,
        FilePath = FilePath,
        ModulePath = ModulePath,
        DocumentationPath = DocumentationPath,
        RepositoryUrl = RepositoryUrl,
        MultiTenant = MultiTenant,
        AuditEnabled = AuditEnabled,
        SecurityIntegration = SecurityIntegration,
        PerformanceOptimized = PerformanceOptimized,
        AiEnhanced = AiEnhanced,
        ComplexityScore = ComplexityScore,
        Resources = Resources,
        Metadata = Metadata,
    };
}
