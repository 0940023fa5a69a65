using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Core.Resolution;

/// <summary>What is asked of a <see cref="Resolver"/>.</summary>
public sealed record ResolutionRequest
{
    /// <summary>What the result must contain: root requirements, in order of preference.</summary>
    public required IReadOnlyList<Requirement> Requirements { get; init; }

    /// <summary>Versions to keep when possible. A yanked version is honoured when it is named here.</summary>
    public IReadOnlyList<LockedVersion> Lock { get; init; } = [];

    /// <summary>Whether recommended dependencies are followed.</summary>
    public bool IncludeRecommended { get; init; } = true;

    /// <summary>Whether capabilities that enhance a part of the result are added to it.</summary>
    public bool IncludeEnhancing { get; init; }

    /// <summary>Whether pre-releases count as ordinary versions.</summary>
    public bool IncludePrerelease { get; init; }

    /// <summary>How much may be spent.</summary>
    public ResolutionBudget Budget { get; init; } = ResolutionBudget.Unlimited;
}

/// <summary>A name, capability or service, and the versions of it that do.</summary>
public readonly record struct Requirement(string CapabilityCode, VersionRange Range);

/// <summary>A version that a lock names.</summary>
public readonly record struct LockedVersion(string CapabilityCode, SemanticVersion Version);

/// <summary>The bounds of one resolution. Spending it gives <see cref="ResolutionStatus.Unknown"/>, never a wrong answer.</summary>
/// <param name="MaxDecisions">The most decisions and conflicts together.</param>
/// <param name="Deadline">Time is spent when this token is cancelled; the caller owns the clock.</param>
public sealed record ResolutionBudget(int MaxDecisions, CancellationToken Deadline)
{
    /// <summary>No bound.</summary>
    public static ResolutionBudget Unlimited { get; } = new(int.MaxValue, CancellationToken.None);
}
