using System.Security.Cryptography;
using System.Text;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Resolution;

namespace CapabilityRegistry.Api.Resolution;

/// <summary>The answer to a resolution as it crosses the wire and is stored with a composition.</summary>
internal sealed record ResolutionAnswer(
    ResolutionStatus Status,
    long CataloguePosition,
    LockBody? Lock,
    IReadOnlyList<IReadOnlyList<string>>? LoadOrder,
    IReadOnlyList<CycleBody>? Cycles,
    IReadOnlyList<LeftOutBody>? LeftOut,
    IReadOnlyList<SuggestionBody>? Suggestions,
    IReadOnlyList<ChoiceBody>? Alternatives,
    ExplanationBody? Explanation,
    ResolutionStatistics Statistics)
{
    public static ResolutionAnswer Of(ResolutionOutcome outcome)
    {
        var resolved = outcome.Status is ResolutionStatus.Resolved;
        return new(
            outcome.Status,
            outcome.Position,
            resolved ? LockBody.Of(outcome) : null,
            resolved ? outcome.LoadOrder.Ranks : null,
            NotEmpty(outcome.LoadOrder.Cycles.Select(c => new CycleBody(c.Members, new(c.ClosingFrom, c.ClosingTo)))),
            NotEmpty(outcome.LeftOut.Select(l => new LeftOutBody(l.RecommendedBy, l.Name, l.Range.ToString(), l.Reason))),
            NotEmpty(outcome.Suggestions.Select(s => new SuggestionBody(s.CapabilityCode, s.Version.ToString(), s.Type, s.For))),
            NotEmpty(outcome.Alternatives.Select(a => new ChoiceBody(a.RequiredBy, a.Name, a.Chosen, a.Others))),
            ExplanationBody.Of(outcome),
            outcome.Statistics);
    }

    private static T[]? NotEmpty<T>(IEnumerable<T> items) => items.ToArray() is { Length: > 0 } some ? some : null;
}

/// <summary>The resolved set.</summary>
/// <param name="CataloguePosition">The position in the event sequence that the answer is about.</param>
/// <param name="ContentHash">SHA-256 over the lines <c>code@version</c> in ordinal order.</param>
/// <param name="Versions">The versions, with the reasons for each; the first reason leads to a requirement.</param>
internal sealed record LockBody(long CataloguePosition, string ContentHash, IReadOnlyList<LockEntryBody> Versions)
{
    public static LockBody Of(ResolutionOutcome outcome)
    {
        var lines = string.Concat(outcome.Selected.Select(s => $"{s.CapabilityCode}@{s.Version}\n"));
        return new(
            outcome.Position,
            $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines)))}",
            [.. outcome.Selected.Select(s => new LockEntryBody(
                s.CapabilityCode, s.Version.ToString(), s.State, [.. s.Reasons.Select(r => new ReasonBody(r.RequiredBy, r.Type, r.Name, r.Range.ToString()))], s.ReasonCount))]);
    }
}

internal sealed record LockEntryBody(string CapabilityCode, string Version, LifecycleState Lifecycle, IReadOnlyList<ReasonBody> Reasons, int ReasonCount);

internal sealed record ReasonBody(string? RequiredBy, DependencyType DependencyType, string CapabilityCode, string VersionRange);

internal sealed record CycleBody(IReadOnlyList<string> Members, ClosingEdgeBody ClosingEdge);

internal sealed record ClosingEdgeBody(string From, string To);

internal sealed record LeftOutBody(string RecommendedBy, string CapabilityCode, string VersionRange, string Reason);

internal sealed record SuggestionBody(string CapabilityCode, string Version, DependencyType DependencyType, string For);

internal sealed record ChoiceBody(string? RequiredBy, string CapabilityCode, string Chosen, IReadOnlyList<string> Others);

/// <summary>Why there is no answer: sentences for people, steps for programs.</summary>
internal sealed record ExplanationBody(string Prose, IReadOnlyList<DerivationStep> Steps)
{
    public static ExplanationBody? Of(ResolutionOutcome outcome) => outcome.Status switch
    {
        ResolutionStatus.Impossible => new(outcome.Derivation!.Prose, outcome.Derivation.Steps),
        ResolutionStatus.Unknown => new("The budget was spent before an answer was found; ask again with a larger budget_ms.", []),
        _ => null,
    };
}
