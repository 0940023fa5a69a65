namespace CapabilityRegistry.Tests.Cli;

/// <summary>What a command does when the registry has had enough of it.</summary>
public sealed class RateLimitTests : LoginTestBase
{
    private readonly ImpatientClock _clock = new();

    [Fact]
    public async Task What_may_be_repeated_waits_as_long_as_it_is_told_and_says_so()
    {
        await LimitAsync("7", "1");
        var run = await Cli.SucceedAsync("search", "x");
        Assert.Equal([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(1)], _clock.Waits);
        Assert.Contains("next attempt in 7 s", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("in 1 s", run.Error, StringComparison.Ordinal);

        await LimitAsync("3");
        await Cli.SucceedAsync("resolve", "x");
        Assert.Equal(3, _clock.Waits.Count);
    }

    [Fact]
    public async Task There_is_an_end_to_repeating()
    {
        await LimitAsync("1", "1", "1", "1", "1", "1");
        Assert.Equal(3, (await Cli.RunAsync("search", "x")).ExitCode);
        Assert.Equal(4, _clock.Waits.Count);
    }

    [Fact]
    public async Task Nobody_waits_for_an_hour()
    {
        await LimitAsync("3600");
        var run = await Cli.RunAsync("search", "x");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("RATE_LIMIT_ERROR", run.Error, StringComparison.Ordinal);
        Assert.Empty(_clock.Waits);
    }

    [Fact]
    public async Task What_changes_something_is_reported_and_not_repeated()
    {
        await LimitAsync("1");
        var run = await Cli.RunAsync("lock", "anything");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("Try again in 1 s.", run.Error, StringComparison.Ordinal);
        Assert.Single(Registry.Requests, request => request.EndsWith("/lock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_piece_of_an_import_is_repeated_and_the_pause_told_beside_json()
    {
        await LimitAsync("4", "1");
        Cli.Input = "{}\n{}\n";
        var run = await Cli.SucceedAsync("import", "-", "--json");
        Assert.Contains("\"created\":2", run.Output, StringComparison.Ordinal);
        Assert.Contains("next attempt in 4 s", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("in 1 s", run.Error, StringComparison.Ordinal);
    }

    private async Task LimitAsync(params string[] retryAfter)
    {
        await LogInAsync();
        Cli.Clock = _clock;
        foreach (var seconds in retryAfter)
        {
            Registry.Limits.Enqueue(seconds);
        }
    }
}
