using System.Text.Json;
using System.Text.Json.Serialization;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Resolution;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CapabilityRegistry.Api.Compositions;

internal static class CreateComposition
{
    private const string DefaultType = "custom";

    public static async Task<Results<Created<CompositionView>, Problem>> HandleAsync(JsonBody<Request> body, RegistryScope scope, CancellationToken cancellationToken)
    {
        var request = body.Value;
        if (await CheckAsync(request, scope, cancellationToken) is { Count: > 0 } findings)
        {
            return Problems.Invalid(findings);
        }

        var composition = ToRow(request, await RequirementsAsync(request, scope, cancellationToken), scope);
        scope.Database.Compositions.Add(composition);
        scope.Append(EventTypes.CompositionCreated, compositionId: composition.CompositionId);
        try
        {
            await scope.Database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return Problems.Duplicate($"A composition with the name '{request.Name}' exists.");
        }

        return TypedResults.Created($"/api/compositions/{composition.CompositionId}", CompositionView.Of(composition, lockedAt: null));
    }

    private static async Task<List<Finding>> CheckAsync(Request request, RegistryScope scope, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        Check(findings, string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 200, "/name", "Must have 1 to 200 characters.");
        Check(findings, request.Description?.Length > ManifestLimits.LongText, "/description", $"At most {ManifestLimits.LongText} characters are allowed.");
        Check(findings, CapabilityCode.Normalise(request.CompositionType ?? DefaultType) is null, "/composition_type", "Must be a token of a-z, 0-9, '.', '_', '+' and '-'.");
        Check(findings, request.DeploymentStrategy?.Length > ManifestLimits.ShortText, "/deployment_strategy", $"At most {ManifestLimits.ShortText} characters are allowed.");
        Check(findings, (request.Requirements is null) == (request.CapabilityIds is null), "/requirements", "Give either requirements or capability_ids.");
        if (request.Requirements is not null)
        {
            ResolutionQuery.ReadRequirements(request.Requirements, findings);
        }

        Check(findings, request.CapabilityIds?.Count is 0 or > 1_000, "/capability_ids", "Must have 1 to 1000 items.");
        if (findings.Count == 0 && request.CapabilityIds is { } ids)
        {
            var known = await scope.Database.Capabilities.Where(c => c.DeletedAt == null && ids.Contains(c.CapabilityId)).Select(c => c.CapabilityId).ToListAsync(cancellationToken);
            findings.AddRange(ids.Select((id, i) => (id, i)).Where(x => !known.Contains(x.id)).Select(x => new Finding($"/capability_ids/{x.i}", "unknown_capability", "There is no such capability.")));
        }

        return findings;
    }

    private static void Check(List<Finding> findings, bool isWrong, string pointer, string message)
    {
        if (isWrong)
        {
            findings.Add(new(pointer, "invalid_value", message));
        }
    }

    private static async Task<IReadOnlyList<RequirementBody>> RequirementsAsync(Request request, RegistryScope scope, CancellationToken cancellationToken)
    {
        if (request.CapabilityIds is not { } ids)
        {
            return [.. request.Requirements!.Select(r => new RequirementBody(CapabilityCode.Normalise(r.CapabilityCode)!, r.VersionRange ?? "*"))];
        }

        var codes = await scope.Database.Capabilities.Where(c => ids.Contains(c.CapabilityId)).ToDictionaryAsync(c => c.CapabilityId, c => c.CapabilityCode, cancellationToken);
        return [.. ids.Select(id => new RequirementBody(codes[id], "*"))];
    }

    private static Composition ToRow(Request request, IReadOnlyList<RequirementBody> requirements, RegistryScope scope) => new()
    {
        TenantId = scope.TenantId,
        CompositionId = scope.NewId(),
        Name = request.Name.Trim(),
        Description = request.Description ?? "",
        CompositionType = CapabilityCode.Normalise(request.CompositionType ?? DefaultType)!,
        Requirements = JsonSerializer.Serialize(requirements, RegistryJson.Options),
        Details = JsonSerializer.Serialize(
            new CompositionDetails(request.BusinessRequirements, request.ComplianceRequirements, request.Configuration, request.EnvironmentSettings, request.DeploymentStrategy), RegistryJson.Options),
        CreatedAt = scope.Now,
        CreatedBy = scope.Actor,
        UpdatedAt = scope.Now,
        Revision = 1,
    };

    /// <summary>A new composition. Its requirements are given as such, or as ids of capabilities of which any version will do.</summary>
    internal sealed record Request(
        [property: JsonRequired] string Name,
        string? Description = null,
        string? CompositionType = null,
        IReadOnlyList<RequirementBody>? Requirements = null,
        IReadOnlyList<Guid>? CapabilityIds = null,
        IReadOnlyList<string>? BusinessRequirements = null,
        IReadOnlyList<string>? ComplianceRequirements = null,
        IReadOnlyDictionary<string, JsonElement>? Configuration = null,
        IReadOnlyDictionary<string, JsonElement>? EnvironmentSettings = null,
        string? DeploymentStrategy = null);
}
