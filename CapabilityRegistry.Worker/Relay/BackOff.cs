namespace CapabilityRegistry.Worker.Relay;

/// <summary>Pauses that double, each drawn at random from its upper half, so that workers that fail together do not come back together.</summary>
internal static class BackOff
{
    private const int MostDoublings = 20;

    /// <summary>The pause after a failure.</summary>
    /// <param name="attempts">How many tries have failed, 1 or more.</param>
    /// <param name="options">The first and the longest pause.</param>
    /// <param name="random">From 0 to 1.</param>
    public static TimeSpan After(int attempts, RelayOptions options, double random) =>
        After(attempts, TimeSpan.FromMilliseconds(options.FirstPauseMs), TimeSpan.FromSeconds(options.LongestPauseSeconds), random);

    /// <summary>The pause after a failure.</summary>
    /// <param name="attempts">How many tries have failed, 1 or more.</param>
    /// <param name="first">The first pause.</param>
    /// <param name="longest">The longest pause.</param>
    /// <param name="random">From 0 to 1.</param>
    public static TimeSpan After(int attempts, TimeSpan first, TimeSpan longest, double random)
    {
        var full = Math.Min(first.TotalMilliseconds * Math.Pow(2, Math.Min(attempts - 1, MostDoublings)), longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(full * (0.5 + random / 2));
    }
}
