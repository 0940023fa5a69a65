using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Core.Resolution;

/// <summary>How a resolution ended.</summary>
public enum ResolutionStatus
{
    /// <summary>There is a solution and this is it.</summary>
    Resolved,

    /// <summary>There is none; the derivation proves it.</summary>
    Impossible,

    /// <summary>The budget was spent before either was known.</summary>
    Unknown,
}

/// <summary>The answer of a <see cref="Resolver"/>. The same request on the same snapshot gives an equal answer on every machine.</summary>
public sealed record ResolutionOutcome
{
    /// <summary>How it ended.</summary>
    public required ResolutionStatus Status { get; init; }

    /// <summary>The catalogue position that the answer is about.</summary>
    public required long Position { get; init; }

    /// <summary>The chosen versions in ordinal order of their codes; empty unless resolved.</summary>
    public IReadOnlyList<Selection> Selected { get; init; } = [];

    /// <summary>The order to start them in.</summary>
    public LoadOrder LoadOrder { get; init; } = LoadOrder.Empty;

    /// <summary>Recommended dependencies that were not followed, each with its reason.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; init; } = [];

    /// <summary>What is not in the result but goes with it: optional dependencies that exist and capabilities that enhance a part of it.</summary>
    public IReadOnlyList<Suggestion> Suggestions { get; init; } = [];

    /// <summary>Dependencies that something else could have met as well.</summary>
    public IReadOnlyList<Choice> Alternatives { get; init; } = [];

    /// <summary>Why it is impossible; null otherwise.</summary>
    public Derivation? Derivation { get; init; }

    /// <summary>What it cost.</summary>
    public required ResolutionStatistics Statistics { get; init; }
}

/// <summary>A chosen version.</summary>
/// <param name="CapabilityCode">Its capability.</param>
/// <param name="Version">The version.</param>
/// <param name="State">Its lifecycle state.</param>
/// <param name="Reasons">Why it is there. The first leads, followed on and on, to a root requirement; at most <see cref="MaxReasons"/> are listed.</param>
/// <param name="ReasonCount">How many reasons there are.</param>
public sealed record Selection(string CapabilityCode, SemanticVersion Version, LifecycleState State, IReadOnlyList<Reason> Reasons, int ReasonCount)
{
    /// <summary>The most reasons that a selection lists.</summary>
    public const int MaxReasons = 5;
}

/// <summary>One reason for a selection.</summary>
/// <param name="RequiredBy">The selected capability that declares the dependency; null for a root requirement.</param>
/// <param name="Type">The type of the dependency.</param>
/// <param name="Name">The name that is depended on: the capability itself or a service that it provides.</param>
/// <param name="Range">The range asked for.</param>
public sealed record Reason(string? RequiredBy, DependencyType Type, string Name, VersionRange Range);

/// <summary>A recommended dependency that was not followed.</summary>
public sealed record LeftOut(string RecommendedBy, string Name, VersionRange Range, string Reason);

/// <summary>Something that goes with the result.</summary>
/// <param name="CapabilityCode">What could be added.</param>
/// <param name="Version">Its best version.</param>
/// <param name="Type"><see cref="DependencyType.Optional"/> or <see cref="DependencyType.Enhancing"/>.</param>
/// <param name="For">The selected capability that declares it optional, or that it enhances.</param>
public sealed record Suggestion(string CapabilityCode, SemanticVersion Version, DependencyType Type, string For);

/// <summary>A dependency with more than one way to meet it.</summary>
/// <param name="RequiredBy">Who declares it; null for a root requirement.</param>
/// <param name="Name">The first name of the dependency.</param>
/// <param name="Chosen">The capability in the result that meets it.</param>
/// <param name="Others">Capabilities that could have met it, in order of preference.</param>
public sealed record Choice(string? RequiredBy, string Name, string Chosen, IReadOnlyList<string> Others);

/// <summary>What a resolution cost.</summary>
public sealed record ResolutionStatistics(int Capabilities, int Incompatibilities, int Decisions, int Conflicts, int Propagations);
