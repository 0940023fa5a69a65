using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Data.Usage;
using CapabilityRegistry.Tests.Testing;
using CapabilityRegistry.Worker.Usage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace CapabilityRegistry.Tests.Worker.Usage;

/// <summary>Hours become days, and days scores, on a clock that stands still until it is moved.</summary>
public sealed class RollUpTests(DatabaseServer server) : IAsyncLifetime
{
    private static readonly Guid A = Guid.Parse("01940000-0000-7000-8000-00000000000a");
    private static readonly Guid B = Guid.Parse("01940000-0000-7000-8000-00000000000b");

    private readonly FakeTimeProvider _clock = new(new(2026, 11, 26, 10, 0, 0, TimeSpan.Zero));
    private readonly IOptions<UsageOptions> _options = Options.Create(new UsageOptions());
    private NpgsqlDataSource _source = null!;
    private SystemDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        var connectionString = await server.CreateDatabaseAsync();
        _source = NpgsqlDataSource.Create(connectionString);
        _database = new(NpgsqlDataSource.Create($"{connectionString};Options=-c role={DatabaseRoles.System}"));
        await ExecuteAsync("INSERT INTO tenants (tenant_id, name, created_at, created_by, updated_at, feed_floor, revision) VALUES ('t', 't', now(), '', now(), 0, 0)");
        foreach (var (id, code) in new[] { (A, "a"), (B, "b") })
        {
            await ExecuteAsync(
                $"""
                INSERT INTO capabilities (tenant_id, capability_id, capability_code, capability_name, description, category, subcategory, status, composition_keywords, details, latest_version_id, latest_version, latest_rank,
                    quality_score, popularity_score, usage_count, created_at, created_by, updated_at, revision)
                VALUES ('t', '{id}', '{code}', '', '', '', '', 'active', ARRAY[]::text[], '{"{}"}', '{id}', '1.0.0', '', 0, 0, 0, now(), '', now(), 3)
                """);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _source.DisposeAsync();
    }

    [Fact]
    public async Task Summing_up_again_and_by_two_workers_at_once_counts_nothing_twice()
    {
        await UseAsync(A, "view", "2026-11-25T23:00Z", 5);
        await UseAsync(A, "view", "2026-11-26T01:00Z", 7);
        await UseAsync(A, "view", "2026-11-26T09:00Z", 1);
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new UsageSums(_database, _clock).RollUpAsync(TestContext.Current.CancellationToken)));
            Assert.Equal(["2026-11-25 view 5", "2026-11-26 view 8"], await DaysAsync());
        }
    }

    [Fact]
    public async Task Hours_that_come_late_are_in_the_sum_of_their_day_and_a_worker_that_was_away_makes_up_for_it()
    {
        await UseAsync(A, "view", "2026-11-26T09:00Z", 5);
        await SumUpAsync();
        _clock.Advance(TimeSpan.FromHours(23));
        await UseAsync(A, "view", "2026-11-26T09:00Z", 2);
        await SumUpAsync();
        Assert.Equal(["2026-11-26 view 7"], await DaysAsync());
        await UseAsync(A, "view", "2026-11-28T09:00Z", 1);
        _clock.Advance(TimeSpan.FromDays(10));
        await SumUpAsync();
        Assert.Equal(["2026-11-26 view 7", "2026-11-28 view 1"], await DaysAsync());
    }

    [Fact]
    public async Task Hours_that_are_removed_stay_in_their_day_and_what_was_not_summed_up_is_not_removed()
    {
        await UseAsync(A, "view", "2026-11-26T09:00Z", 5);
        _clock.Advance(TimeSpan.FromDays(40));
        using var hours = new UsageHourSweeper(_database, _options, _clock, NullLogger<UsageHourSweeper>.Instance);
        Assert.Equal(0, await hours.SweepAsync(TestContext.Current.CancellationToken));
        await SumUpAsync();
        Assert.Equal(1, await hours.SweepAsync(TestContext.Current.CancellationToken));
        await SumUpAsync();
        Assert.Equal(["2026-11-26 view 5"], await DaysAsync());
        _clock.Advance(TimeSpan.FromDays(730));
        using var days = new UsageDaySweeper(_database, _options, _clock, NullLogger<UsageDaySweeper>.Instance);
        Assert.Equal(1, await days.SweepAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Scores_are_computed_once_a_day_with_one_event_for_the_tenant_and_no_new_revision()
    {
        await UseAsync(A, "resolution", "2026-11-26T09:00Z", 99);
        await UseAsync(A, "root", "2026-11-26T09:00Z", 50);
        await UseAsync(B, "view", "2026-11-26T09:00Z", 5);
        await UseAsync(B, "lock", "2026-11-26T09:00Z", 4);
        await SumUpAsync();
        var scored = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Scores().ComputeAsync(TestContext.Current.CancellationToken)));
        Assert.Single(scored, s => s);
        Assert.Equal(["a 1 99 3", "b 0.5 9 3"], await PagesAsync());
        Assert.Equal(["usage.rolled_up"], await QueryAsync("SELECT event_type FROM events"));

        // The same day again, and a day on which nothing differs but the age of everything: A stays at the top.
        Assert.False(await Scores().ComputeAsync(TestContext.Current.CancellationToken));
        _clock.Advance(TimeSpan.FromDays(30));
        Assert.True(await Scores().ComputeAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["a 1 99 3", "b 0.435 9 3"], await PagesAsync());

        // What nobody uses any more, nobody knows.
        await ExecuteAsync("DELETE FROM usage_daily");
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.True(await Scores().ComputeAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["a 0 0 3", "b 0 0 3"], await PagesAsync());
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.True(await Scores().ComputeAsync(TestContext.Current.CancellationToken));
        Assert.Equal(3, (await QueryAsync("SELECT event_type FROM events")).Count);
    }

    private Task SumUpAsync() => new UsageSums(_database, _clock).RollUpAsync(TestContext.Current.CancellationToken);

    private PopularityScores Scores() => new(_database, _options, _clock);

    private Task UseAsync(Guid capability, string kind, string hour, int count) => ExecuteAsync(
        $"INSERT INTO usage_hourly (tenant_id, capability_id, kind, hour, count) VALUES ('t', '{capability}', '{kind}', '{hour}', {count}) ON CONFLICT (tenant_id, hour, capability_id, kind) DO UPDATE SET count = usage_hourly.count + excluded.count");

    private Task<List<string>> DaysAsync() => QueryAsync("SELECT day || ' ' || kind || ' ' || count FROM usage_daily ORDER BY 1");

    private Task<List<string>> PagesAsync() => QueryAsync("SELECT capability_code || ' ' || popularity_score || ' ' || usage_count || ' ' || revision FROM capabilities ORDER BY 1");

    private async Task<List<string>> QueryAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
