namespace CapabilityRegistry.Core.Resolution;

/// <summary>The proof that a request is impossible: premises from the catalogue and what follows from them, down to a contradiction.</summary>
/// <param name="Prose">The proof in sentences, in causal order.</param>
/// <param name="Steps">The proof for programs; the last step has no terms. <see cref="DerivationChecker"/> replays it.</param>
public sealed record Derivation(string Prose, IReadOnlyList<DerivationStep> Steps);

/// <summary>What a step rests on.</summary>
public enum DerivationStepKind
{
    /// <summary>A root requirement.</summary>
    Requirement,

    /// <summary>A required dependency.</summary>
    Dependency,

    /// <summary>A conflicting dependency.</summary>
    Conflict,

    /// <summary>Other steps, by the rule of resolution.</summary>
    Derived,
}

/// <summary>An incompatibility (PubGrub): terms that are not all true in any solution.</summary>
/// <param name="Id">Its number, counting from 1; a step refers only to smaller ones.</param>
/// <param name="Kind">What it rests on.</param>
/// <param name="Terms">The terms.</param>
/// <param name="Text">The step as a clause of a sentence.</param>
/// <param name="From">For a derived step the steps resolved, in order; empty for a premise.</param>
/// <param name="Pivots">For a derived step, one fewer than <paramref name="From"/>: the capability on which each further step is resolved with what came before.</param>
/// <param name="Subject">For a dependency or conflict: whose it is.</param>
/// <param name="Index">For a requirement its number in the request.</param>
public sealed record DerivationStep(
    int Id,
    DerivationStepKind Kind,
    IReadOnlyList<DerivationTerm> Terms,
    string Text,
    IReadOnlyList<int> From,
    IReadOnlyList<string> Pivots,
    string? Subject = null,
    int? Index = null);

/// <summary>A statement about one capability that a solution makes true or false.</summary>
/// <param name="CapabilityCode">The capability.</param>
/// <param name="Versions">Exactly the versions meant, as a range over those in the catalogue with pre-releases counted.</param>
/// <param name="Selected">True: one of the versions is selected. False: none of them is.</param>
public sealed record DerivationTerm(string CapabilityCode, string Versions, bool Selected);
