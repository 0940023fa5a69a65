using CapabilityRegistry.Core.Catalogues;

namespace CapabilityRegistry.Core.Resolution;

/// <summary>Answers whether a set of capabilities works together, in which versions and in which order they start, or proves that it does not.</summary>
/// <remarks>
/// <para>Complete: when a solution exists it finds one, unless the budget is spent. Deterministic: the answer depends on the request and the snapshot alone. The
/// semantics are DESIGN.md, "Resolution semantics"; docs/resolution.md says them in full.</para>
/// <para>Pure and safe for concurrent use. Time and memory are in proportion to what the solver looks at, not to the snapshot.</para>
/// </remarks>
public static class Resolver
{
    /// <summary>Resolves a request.</summary>
    /// <param name="catalogue">The snapshot to resolve against.</param>
    /// <param name="request">What is asked.</param>
    /// <returns>An answer that <see cref="SolutionChecker"/> or <see cref="DerivationChecker"/> can verify.</returns>
    public static ResolutionOutcome Resolve(Catalogue catalogue, ResolutionRequest request)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(request);
        var solver = new Solver(catalogue, request);
        var status = solver.SolveRequired();
        if (status is ResolutionStatus.Resolved)
        {
            solver.FollowRecommendations();
            return new OutcomeBuilder(catalogue, request, solver).Build();
        }

        return new()
        {
            Status = status,
            Position = catalogue.Position,
            Derivation = status is ResolutionStatus.Impossible ? new Explainer(solver, catalogue, request).Explain(solver.Contradiction) : null,
            Statistics = solver.Statistics(),
        };
    }

    /// <summary>Only whether there is a solution, without recommendations, order or reasons.</summary>
    public static ResolutionStatus CanResolve(Catalogue catalogue, ResolutionRequest request)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(request);
        return new Solver(catalogue, request).SolveRequired();
    }
}
