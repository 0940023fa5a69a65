using System.Text.Json;
using System.Text.Json.Serialization;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Resolution;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Compositions;

/// <summary>The part of a composition that people write. Its requirements are given as such, or as ids of capabilities of which any version will do.</summary>
internal sealed record CompositionEdit(
    [property: JsonRequired] string Name,
    string? Description = null,
    string? CompositionType = null,
    IReadOnlyList<RequirementBody>? Requirements = null,
    IReadOnlyList<Guid>? CapabilityIds = null,
    IReadOnlyList<string>? BusinessRequirements = null,
    IReadOnlyList<string>? ComplianceRequirements = null,
    IReadOnlyDictionary<string, JsonElement>? Configuration = null,
    IReadOnlyDictionary<string, JsonElement>? EnvironmentSettings = null,
    string? DeploymentStrategy = null)
{
    private const string DefaultType = "custom";

    public static CompositionEdit Of(Composition c)
    {
        var details = JsonSerializer.Deserialize<CompositionDetails>(c.Details, RegistryJson.Options)!;
        return new(
            c.Name, c.Description, c.CompositionType, CompositionView.RequirementsOf(c), null, details.BusinessRequirements, details.ComplianceRequirements,
            details.Configuration, details.EnvironmentSettings, details.DeploymentStrategy);
    }

    /// <summary>Everything that is wrong with it.</summary>
    public async Task<List<Finding>> CheckAsync(RegistryScope scope, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        Check(findings, string.IsNullOrWhiteSpace(Name) || Name.Length > 200, "/name", "Must have 1 to 200 characters.");
        Check(findings, Description?.Length > ManifestLimits.LongText, "/description", $"At most {ManifestLimits.LongText} characters are allowed.");
        Check(findings, CapabilityCode.Normalise(CompositionType ?? DefaultType) is null, "/composition_type", "Must be a token of a-z, 0-9, '.', '_', '+' and '-'.");
        Check(findings, DeploymentStrategy?.Length > ManifestLimits.ShortText, "/deployment_strategy", $"At most {ManifestLimits.ShortText} characters are allowed.");
        Check(findings, (Requirements is null) == (CapabilityIds is null), "/requirements", "Give either requirements or capability_ids.");
        if (Requirements is not null)
        {
            ResolutionQuery.ReadRequirements(Requirements, findings);
        }

        Check(findings, CapabilityIds?.Count is 0 or > 1_000, "/capability_ids", "Must have 1 to 1000 items.");
        if (findings.Count == 0 && CapabilityIds is { } ids)
        {
            var known = await scope.Database.Capabilities.Where(c => c.DeletedAt == null && ids.Contains(c.CapabilityId)).Select(c => c.CapabilityId).ToListAsync(cancellationToken);
            findings.AddRange(ids.Select((id, i) => (id, i)).Where(x => !known.Contains(x.id)).Select(x => new Finding($"/capability_ids/{x.i}", "unknown_capability", "There is no such capability.")));
        }

        return findings;
    }

    /// <summary>The same with everything in the form in which it is kept. For what has been checked.</summary>
    public async Task<CompositionEdit> NormalisedAsync(RegistryScope scope, CancellationToken cancellationToken) => this with
    {
        Name = Name.Trim(),
        Description = Description ?? "",
        CompositionType = CapabilityCode.Normalise(CompositionType ?? DefaultType)!,
        Requirements = await RequirementsAsync(scope, cancellationToken),
        CapabilityIds = null,
    };

    /// <summary>Writes what is normalised to a row.</summary>
    public void WriteTo(Composition c)
    {
        (c.Name, c.Description, c.CompositionType) = (Name, Description!, CompositionType!);
        c.Requirements = JsonSerializer.Serialize(Requirements, RegistryJson.Options);
        c.Details = JsonSerializer.Serialize(new CompositionDetails(BusinessRequirements, ComplianceRequirements, Configuration, EnvironmentSettings, DeploymentStrategy), RegistryJson.Options);
    }

    private static void Check(List<Finding> findings, bool isWrong, string pointer, string message)
    {
        if (isWrong)
        {
            findings.Add(new(pointer, "invalid_value", message));
        }
    }

    private async Task<IReadOnlyList<RequirementBody>> RequirementsAsync(RegistryScope scope, CancellationToken cancellationToken)
    {
        if (CapabilityIds is not { } ids)
        {
            return [.. Requirements!.Select(r => new RequirementBody(CapabilityCode.Normalise(r.CapabilityCode)!, r.VersionRange ?? "*"))];
        }

        var codes = await scope.Database.Capabilities.Where(c => ids.Contains(c.CapabilityId)).ToDictionaryAsync(c => c.CapabilityId, c => c.CapabilityCode, cancellationToken);
        return [.. ids.Select(id => new RequirementBody(codes[id], "*"))];
    }
}
