using System.Text.Json.Serialization;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Resolution;
using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Api.Resolution;

/// <summary>A name, capability or service, and the versions of it that do.</summary>
internal sealed record RequirementBody([property: JsonRequired] string CapabilityCode, string? VersionRange = null);

/// <summary>A version that a lock names.</summary>
internal sealed record LockedVersionBody([property: JsonRequired] string CapabilityCode, [property: JsonRequired] string Version);

/// <summary>What else than the required to look at.</summary>
internal enum Inclusion
{
    Recommended,
    Enhancing,
    Prerelease,
}

/// <summary>Reads the parts of a resolution request, reporting everything that is wrong with them.</summary>
internal static class ResolutionQuery
{
    private const int MaxRequirements = 1_000;
    private const int MaxLocked = 20_000;

    /// <summary>What a request without an <c>include</c> means.</summary>
    public static IReadOnlyList<Inclusion> DefaultInclude { get; } = [Inclusion.Recommended];

    public static ResolutionRequest? Read(
        IReadOnlyList<RequirementBody> requirements, IReadOnlyList<LockedVersionBody>? locked, IReadOnlyList<Inclusion>? include, ICollection<Finding> findings)
    {
        var wanted = ReadRequirements(requirements, findings);
        var kept = ReadLocked(locked ?? [], "/lock", findings);
        include ??= DefaultInclude;
        return findings.Count > 0 ? null : new()
        {
            Requirements = wanted,
            Lock = kept,
            IncludeRecommended = include.Contains(Inclusion.Recommended),
            IncludeEnhancing = include.Contains(Inclusion.Enhancing),
            IncludePrerelease = include.Contains(Inclusion.Prerelease),
        };
    }

    public static List<Requirement> ReadRequirements(IReadOnlyList<RequirementBody> requirements, ICollection<Finding> findings)
    {
        if (requirements.Count is 0 or > MaxRequirements)
        {
            findings.Add(new("/requirements", requirements.Count == 0 ? "too_few" : "too_many", $"Must have 1 to {MaxRequirements} items."));
            return [];
        }

        var read = new List<Requirement>(requirements.Count);
        for (var i = 0; i < requirements.Count; i++)
        {
            var code = CapabilityCode.Normalise(requirements[i].CapabilityCode);
            if (code is null)
            {
                findings.Add(new($"/requirements/{i}/capability_code", "invalid_code", "Must be a capability code or the name of a service."));
            }

            if (!VersionRange.TryParse(requirements[i].VersionRange ?? "*", out var range, out var error))
            {
                findings.Add(new($"/requirements/{i}/version_range", "invalid_range", error));
            }
            else if (code is not null)
            {
                read.Add(new(code, range));
            }
        }

        return read;
    }

    public static List<LockedVersion> ReadLocked(IReadOnlyList<LockedVersionBody> locked, string pointer, ICollection<Finding> findings)
    {
        if (locked.Count > MaxLocked)
        {
            findings.Add(new(pointer, "too_many", $"Must have at most {MaxLocked} items."));
            return [];
        }

        var read = new List<LockedVersion>(locked.Count);
        for (var i = 0; i < locked.Count; i++)
        {
            var code = CapabilityCode.Normalise(locked[i].CapabilityCode);
            if (code is null)
            {
                findings.Add(new($"{pointer}/{i}/capability_code", "invalid_code", "Must be a capability code."));
            }

            if (!SemanticVersion.TryParse(locked[i].Version, out var version, out var error))
            {
                findings.Add(new($"{pointer}/{i}/version", "invalid_version", error));
            }
            else if (code is not null)
            {
                read.Add(new(code, version));
            }
        }

        return read;
    }
}
