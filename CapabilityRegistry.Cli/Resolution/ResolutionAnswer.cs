namespace CapabilityRegistry.Cli.Resolution;

/// <summary>What the resolver answers. Members are missing when there is nothing to say.</summary>
internal sealed record ResolutionAnswer(
    string? Status,
    long? CataloguePosition,
    LockDocument? Lock,
    IReadOnlyList<IReadOnlyList<string>>? LoadOrder,
    IReadOnlyList<Cycle>? Cycles,
    IReadOnlyList<LeftOut>? LeftOut,
    IReadOnlyList<Suggestion>? Suggestions,
    Explanation? Explanation)
{
    public bool IsResolved => Status == "resolved";
}

/// <summary>The resolved set.</summary>
internal sealed record LockDocument(long? CataloguePosition, string? ContentHash, IReadOnlyList<Selection>? Versions);

/// <summary>A chosen version. The first of its reasons leads, followed on and on, to a requirement; without any it is there because it enhances a part of the
/// result.</summary>
internal sealed record Selection(string CapabilityCode, string Version, string? Lifecycle, IReadOnlyList<Reason>? Reasons)
{
    public Reason? FirstReason => Reasons is [var first, ..] ? first : null;
}

/// <summary>Why a version is there: who declares the dependency, or null for a requirement, and the name depended on, which may be a service that the version
/// provides.</summary>
internal sealed record Reason(string? RequiredBy, string? DependencyType, string CapabilityCode, string? VersionRange)
{
    public string Target => VersionRange is null or "*" ? CapabilityCode : $"{CapabilityCode} {VersionRange}";
}

/// <summary>Capabilities that need each other, each the next, and the edge that the load order ignores.</summary>
internal sealed record Cycle(IReadOnlyList<string>? Members, Edge? ClosingEdge);

/// <summary>A dependency between two of the result.</summary>
internal sealed record Edge(string From, string To);

/// <summary>A recommendation that was not followed.</summary>
internal sealed record LeftOut(string? RecommendedBy, string? CapabilityCode, string? VersionRange, string? Reason);

/// <summary>Something that goes with the result.</summary>
internal sealed record Suggestion(string? CapabilityCode, string? Version, string? DependencyType, string? For);

/// <summary>Why there is no result.</summary>
internal sealed record Explanation(string? Prose);
