namespace CapabilityRegistry.Benchmarks.Soak;

/// <summary>What is to be done.</summary>
/// <param name="Duration">How long the load is kept up.</param>
/// <param name="Share">Of the capacity, which is measured first.</param>
/// <param name="Warming">How long every lane is busy before that: until next to nothing is compiled any more.</param>
/// <param name="Measuring">How long the capacity is measured.</param>
/// <param name="Lanes">How many requests are under way at most.</param>
internal sealed record SoakPlan(TimeSpan Duration, double Share, TimeSpan Warming, TimeSpan Measuring, int Lanes)
{
    /// <summary>How many capabilities there are before it begins. What is written besides is deleted again, so that they are all there is to know at any time.</summary>
    public const int Seeds = 3_000;
}
