using CapabilityRegistry.Worker.Webhooks;

namespace CapabilityRegistry.Tests.Worker.Webhooks;

public sealed class RetryScheduleTests
{
    [Fact]
    public void The_pauses_are_those_of_the_specification_and_end()
    {
        var schedule = new RetrySchedule(() => 0);
        Assert.Equal(
            [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, null],
            Enumerable.Range(1, 10).Select(tries => schedule.After(tries, null)?.TotalSeconds));
    }

    [Fact]
    public void Jitter_only_adds_and_never_much()
    {
        foreach (var random in new[] { 0, 0.25, 0.999 })
        {
            Assert.InRange(new RetrySchedule(() => random).After(2, null)!.Value, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5) * (1 + RetrySchedule.Jitter));
        }
    }

    [Theory]
    [InlineData(1, 60, 60)]
    [InlineData(2, 60, 300)]
    [InlineData(1, 0, 5)]
    [InlineData(1, -5, 5)]
    [InlineData(1, 999_999, 86_400)]
    public void A_receiver_is_not_called_earlier_than_it_wishes_within_a_day(int tries, int wish, int pause) =>
        Assert.Equal(pause, new RetrySchedule(() => 0).After(tries, TimeSpan.FromSeconds(wish))!.Value.TotalSeconds);
}
