namespace CapabilityRegistry.Cli.Capabilities;

/// <summary>A capability with the declarations of its latest version.</summary>
internal sealed record CapabilityDetails(
    string CapabilityCode,
    string? CapabilityName,
    string? Version,
    string? Status,
    string? Category,
    string? Subcategory,
    string? Description,
    string? LongDescription,
    IReadOnlyList<string>? CompositionKeywords,
    IReadOnlyList<ProvidedService>? ProvidesServices,
    IReadOnlyList<Dependency>? Dependencies,
    string? DocumentationPath,
    string? RepositoryUrl,
    double? QualityScore,
    DateTimeOffset? UpdatedAt);

/// <summary>A service that a version offers.</summary>
internal sealed record ProvidedService(string Service, string? Version)
{
    public override string ToString() => $"{Service} {Version}".TrimEnd();
}

/// <summary>What a version needs of others.</summary>
internal sealed record Dependency(string CapabilityCode, string? VersionRange, string? DependencyType, IReadOnlyList<Target>? Alternatives)
{
    public override string ToString() => string.Join(" or ", [new Target(CapabilityCode, VersionRange), .. Alternatives ?? []]);
}

/// <summary>A name, capability or service, and the versions of it that do.</summary>
internal sealed record Target(string CapabilityCode, string? VersionRange)
{
    public override string ToString() => $"{CapabilityCode} {VersionRange ?? "*"}";
}
