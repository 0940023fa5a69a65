using System.Text.Json;
using CapabilityRegistry.Api.Resolution;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Api.Compositions;

/// <summary>The members of a composition that are kept as one JSON object.</summary>
internal sealed record CompositionDetails(
    IReadOnlyList<string>? BusinessRequirements,
    IReadOnlyList<string>? ComplianceRequirements,
    IReadOnlyDictionary<string, JsonElement>? Configuration,
    IReadOnlyDictionary<string, JsonElement>? EnvironmentSettings,
    string? DeploymentStrategy);

/// <summary>A composition.</summary>
internal sealed record CompositionView(
    Guid CompositionId,
    string Name,
    string Description,
    string CompositionType,
    IReadOnlyList<RequirementBody> Requirements,
    IReadOnlyList<string>? BusinessRequirements,
    IReadOnlyList<string>? ComplianceRequirements,
    IReadOnlyDictionary<string, JsonElement>? Configuration,
    IReadOnlyDictionary<string, JsonElement>? EnvironmentSettings,
    string? DeploymentStrategy,
    DateTimeOffset? LockedAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string CreatedBy,
    long Revision)
{
    public static CompositionView Of(Composition c, DateTimeOffset? lockedAt)
    {
        var details = JsonSerializer.Deserialize<CompositionDetails>(c.Details, RegistryJson.Options)!;
        return new(
            c.CompositionId, c.Name, c.Description, c.CompositionType, RequirementsOf(c), details.BusinessRequirements, details.ComplianceRequirements,
            details.Configuration, details.EnvironmentSettings, details.DeploymentStrategy, lockedAt, c.CreatedAt, c.UpdatedAt, c.CreatedBy, c.Revision);
    }

    public static IReadOnlyList<RequirementBody> RequirementsOf(Composition c) => JsonSerializer.Deserialize<IReadOnlyList<RequirementBody>>(c.Requirements, RegistryJson.Options)!;
}
