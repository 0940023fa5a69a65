using CapabilityRegistry.Worker.Usage;

namespace CapabilityRegistry.Tests.Worker.Usage;

/// <summary>The formula of <c>popularity_score</c> (docs/usage-and-notifications.md).</summary>
public sealed class PopularityTests
{
    [Theory]
    [InlineData(0, 100, 0)]
    [InlineData(100, 100, 1)]
    [InlineData(1_000_000, 100, 1)]
    [InlineData(9, 99, 0.5)] // ln 10 / ln 100
    [InlineData(1, 99, 0.151)]
    [InlineData(0.5, 99, 0.088)]
    [InlineData(5, 0, 0)]
    public void A_score_is_the_logarithm_of_the_uses_beside_that_of_the_99th_percentile(double uses, double p99, double score) => Assert.Equal(score, Popularity.Score(uses, p99));

    [Theory]
    [InlineData(100, 0, 100)]
    [InlineData(100, 30, 50)]
    [InlineData(100, 60, 25)]
    [InlineData(100, 15, 70.7107)]
    [InlineData(100, -1, 100)]
    public void Uses_count_half_after_every_half_life(long uses, int daysAgo, double decayed) => Assert.Equal(decayed, Popularity.Decayed(uses, daysAgo, 30), 4);

    [Fact]
    public void The_99th_percentile_is_that_of_what_is_used_at_all()
    {
        Assert.Equal(0, Popularity.Percentile([0, 0, 0]));
        Assert.Equal(7, Popularity.Percentile([0, 0, 7]));
        Assert.Equal(99, Popularity.Percentile([.. Enumerable.Range(1, 100).Select(i => (double)i), .. Enumerable.Repeat(0.0, 1_000)]));
    }
}
