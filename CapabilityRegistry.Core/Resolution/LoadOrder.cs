namespace CapabilityRegistry.Core.Resolution;

/// <summary>The order to start a result in.</summary>
/// <param name="Ranks">Groups of capability codes; every group needs only groups before it, so its members can start in parallel.</param>
/// <param name="Cycles">The cycles that had to be cut to get an order.</param>
public sealed record LoadOrder(IReadOnlyList<IReadOnlyList<string>> Ranks, IReadOnlyList<LoadCycle> Cycles)
{
    /// <summary>Nothing to start.</summary>
    public static LoadOrder Empty { get; } = new([], []);
}

/// <summary>Capabilities that need each other.</summary>
/// <param name="Members">The capabilities along the cycle; each needs the next.</param>
/// <param name="ClosingFrom">The last of them, which needs the first again: the edge that the order ignores.</param>
/// <param name="ClosingTo">The first of them.</param>
public sealed record LoadCycle(IReadOnlyList<string> Members, string ClosingFrom, string ClosingTo);
