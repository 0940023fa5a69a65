using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Core.Catalogues;

/// <summary>A capability with all its versions, as a <see cref="CatalogueBuilder"/> takes it.</summary>
/// <param name="Code">The normalised code.</param>
/// <param name="Versions">Every version, in any order, no two of equal precedence.</param>
public sealed record CatalogueCapability(string Code, IReadOnlyList<CatalogueVersion> Versions);

/// <summary>What resolution needs to know of one version.</summary>
public sealed record CatalogueVersion(
    SemanticVersion Version, LifecycleState State, IReadOnlyList<CatalogueDependency> Dependencies, IReadOnlyList<CatalogueService> Services);

/// <summary>A dependency in manifest order; the first target is the declared one, the others are its alternatives.</summary>
public sealed record CatalogueDependency(DependencyType Type, IReadOnlyList<CatalogueTarget> Targets);

/// <summary>A name and the versions of it that do.</summary>
public readonly record struct CatalogueTarget(string Name, VersionRange Range);

/// <summary>A provided service.</summary>
public readonly record struct CatalogueService(string Name, SemanticVersion? Version);
