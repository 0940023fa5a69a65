namespace CapabilityRegistry.Benchmarks.Soak;

/// <summary>What is to be done.</summary>
/// <param name="Duration">How long the load is kept up.</param>
/// <param name="Share">Of the capacity, which is measured first.</param>
/// <param name="Measuring">How long the capacity is measured, after as long a time to warm up.</param>
/// <param name="Lanes">How many requests are under way at most.</param>
internal sealed record SoakPlan(TimeSpan Duration, double Share, TimeSpan Measuring, int Lanes)
{
    /// <summary>How many capabilities there are before it begins. What is written besides is deleted again, so that they are all there is to know at any time.</summary>
    public const int Seeds = 3_000;
}
