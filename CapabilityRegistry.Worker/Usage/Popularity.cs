namespace CapabilityRegistry.Worker.Usage;

/// <summary>How popular a capability is among those of its tenant: from 0 (never used) to 1 (used as much as the most used hundredth).</summary>
internal static class Popularity
{
    private const int Digits = 3;
    private const double Top = 0.99;

    /// <summary>A day's uses as they count some days later.</summary>
    public static double Decayed(long uses, int daysAgo, double halfLifeDays) => uses * Math.Pow(0.5, Math.Max(0, daysAgo) / halfLifeDays);

    /// <summary>min(1, ln(1 + uses) / ln(1 + p99)), to three digits, so that it does not change with every single use.</summary>
    /// <param name="uses">Decayed uses.</param>
    /// <param name="p99">What a hundredth of the used capabilities of the tenant exceeds; 0 when none is used.</param>
    public static double Score(double uses, double p99) => uses <= 0 || p99 <= 0 ? 0 : Math.Round(Math.Min(1, Math.Log(1 + uses) / Math.Log(1 + p99)), Digits);

    /// <summary>The 99th percentile (nearest rank) of what is used at all: that of everything would be 0 where few are used.</summary>
    public static double Percentile(IEnumerable<double> uses)
    {
        var used = uses.Where(u => u > 0).Order().ToArray();
        return used.Length == 0 ? 0 : used[(int)Math.Ceiling(Top * used.Length) - 1];
    }
}
