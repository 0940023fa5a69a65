using System.Text.Json;
using System.Text.Json.Serialization;

namespace CapabilityRegistry.Core.Manifests;

/// <summary>The JSON document that declares one version of one capability. Members are described in docs/manifest.md.</summary>
/// <remarks>A value of this type that came from <see cref="ManifestReader"/> has passed every rule of <see cref="ManifestValidator"/>.</remarks>
public sealed record Manifest
{
    public required string CapabilityCode { get; init; }

    public required string Version { get; init; }

    public string? CapabilityName { get; init; }

    public string? Description { get; init; }

    public string? LongDescription { get; init; }

    public string? Category { get; init; }

    public string? Subcategory { get; init; }

    public IReadOnlyList<string>? CompositionKeywords { get; init; }

    public IReadOnlyList<ProvidedService>? ProvidesServices { get; init; }

    public IReadOnlyList<Dependency>? Dependencies { get; init; }

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

    /// <summary>0 (trivial) to 10.</summary>
    public double? ComplexityScore { get; init; }

    public string? ReleaseNotes { get; init; }

    public IReadOnlyList<string>? BreakingChanges { get; init; }

    public IReadOnlyList<string>? Deprecations { get; init; }

    public IReadOnlyList<string>? NewFeatures { get; init; }

    public Resources? Resources { get; init; }

    /// <summary>Anything else, kept as it came.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Metadata { get; init; }

    /// <summary>Where the version stands in its life; missing means <see cref="LifecycleState.Active"/>. An export writes it so that an import restores it.</summary>
    public ManifestLifecycle? Lifecycle { get; init; }
}

/// <summary>A name that a version offers; others can depend on the service instead of on the code.</summary>
/// <param name="Service">The name; services and capability codes share one name space.</param>
/// <param name="Version">SemVer. Without it only a dependency with the range <c>*</c> is met.</param>
public sealed record ProvidedService([property: JsonRequired] string Service, string? Version = null);

/// <summary>What a version needs of others.</summary>
/// <param name="CapabilityCode">A capability code or a provided service.</param>
/// <param name="VersionRange">node-semver's grammar; missing means <c>*</c>.</param>
/// <param name="DependencyType">How it is needed.</param>
/// <param name="Alternatives">Targets that do as well, in order of preference behind the first.</param>
public sealed record Dependency(
    [property: JsonRequired] string CapabilityCode,
    string? VersionRange = null,
    DependencyType DependencyType = DependencyType.Required,
    IReadOnlyList<DependencyTarget>? Alternatives = null);

/// <summary>An alternative of a dependency.</summary>
public sealed record DependencyTarget([property: JsonRequired] string CapabilityCode, string? VersionRange = null);

/// <summary>How a dependency binds (DESIGN: resolution semantics 2 to 4).</summary>
public enum DependencyType
{
    /// <summary>Must be met.</summary>
    Required,

    /// <summary>Never pulled in; listed as available.</summary>
    Optional,

    /// <summary>Followed when that makes nothing impossible and changes no required choice.</summary>
    Recommended,

    /// <summary>Must not be in the same result.</summary>
    Conflicting,

    /// <summary>The declaring capability improves the target; it is suggested when the target is in the result.</summary>
    Enhancing,
}

/// <summary>What one running instance needs.</summary>
/// <param name="CpuCores">Cores.</param>
/// <param name="MemoryMb">Mebibytes of memory.</param>
/// <param name="StorageGb">Gibibytes of storage.</param>
/// <param name="MonthlyCost">In <paramref name="Currency"/>.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record Resources(
    double? CpuCores = null, double? MemoryMb = null, double? StorageGb = null, double? MonthlyCost = null, string? Currency = null);

/// <summary>The lifecycle of a version as a document carries it.</summary>
public sealed record ManifestLifecycle(
    [property: JsonRequired] LifecycleState State, string? Message = null, string? ReplacedBy = null, DateTimeOffset? SunsetAt = null);

/// <summary>Where a version stands in its life. It is beside the immutable manifest and can change.</summary>
public enum LifecycleState
{
    /// <summary>Chosen freely.</summary>
    Active,

    /// <summary>Chosen only when no active version does.</summary>
    Deprecated,

    /// <summary>Never chosen anew; honoured when a lock names it.</summary>
    Yanked,

    /// <summary>Never chosen, not even for a lock.</summary>
    Retired,
}
