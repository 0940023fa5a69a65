using System.Text.Json;
using CapabilityRegistry.Api.Usage;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Data.Usage;
using CapabilityRegistry.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace CapabilityRegistry.Tests.Api.Usage;

/// <summary>What is counted, where it ends up, and what is told of it.</summary>
public sealed class UsageTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private RegistryApp App => registry.App;

    [Fact]
    public async Task Pages_versions_resolutions_roots_and_locks_are_counted_and_refusals_and_rehearsals_are_not()
    {
        const string tenant = "counted";
        await App.ImportAsync(string.Join('\n', Sample.Manifest("ledger"), Sample.Manifest("payments", dependencies: Sample.Needs("ledger"))), tenant: tenant);
        var tag = (await App.GetAsync("/api/capabilities/payments", tenant)).Headers.ETag!.Tag;
        Assert.Equal(304, (await App.SendAsync(HttpMethod.Get, "/api/capabilities/payments", tenant: tenant, headers: ("If-None-Match", tag))).Status);
        await App.GetAsync("/api/capabilities/payments/versions/1.0.0", tenant);
        await App.GetAsync("/api/capabilities/nothing", tenant);
        await App.PostAsync("/api/capabilities/batch_get", """{"capabilities":["payments","ledger","nothing"]}""", tenant);
        await App.PostAsync("/api/dependencies/resolve", Sample.Resolve("payments"), tenant);
        await App.PostAsync("/api/dependencies/resolve", Sample.Resolve("nothing"), tenant);
        var created = await App.PostAsync("/api/compositions", """{"name":"Shop","requirements":[{"capability_code":"payments"}]}""", tenant);
        await App.PostAsync($"{created.Headers.Location}/lock?dry_run=true", null, tenant);
        await App.PostAsync($"{created.Headers.Location}/lock", null, tenant);
        await App.GetAsync($"{created.Headers.Location}/lock", tenant);
        await FlushAsync();

        Assert.Equal(
            ["ledger lock 2", "ledger resolution 1", "ledger view 1", "payments lock 2", "payments resolution 1", "payments root 1", "payments view 4"],
            await RowsAsync(tenant));
        await App.GetAsync("/api/capabilities/payments", tenant);
        await FlushAsync();
        Assert.Contains("payments view 5", await RowsAsync(tenant));
    }

    [Fact]
    public async Task What_cannot_be_written_is_kept_with_its_hour_and_written_once_later()
    {
        var clock = new FakeTimeProvider(new(2026, 11, 26, 10, 30, 0, TimeSpan.Zero));
        await App.ImportAsync(Sample.Manifest("kept"), tenant: "outage");
        var counters = new UsageCounters(Options.Create(new UsageOptions()));
        await using var database = new SystemDatabase(Source());
        using var flush = Flush(counters, new(database), clock);
        await ExecuteAsync("REVOKE INSERT ON usage_hourly FROM registry_system");
        counters.Count(new("outage", "kept", UsageKind.View), 3);
        await Assert.ThrowsAsync<PostgresException>(flush.FlushAsync);
        clock.Advance(TimeSpan.FromMinutes(40));
        counters.Count(new("outage", "kept", UsageKind.View), 4);
        await Assert.ThrowsAsync<PostgresException>(flush.FlushAsync);
        counters.Count(new("outage", "kept", UsageKind.View), 5);
        await ExecuteAsync("GRANT INSERT ON usage_hourly TO registry_system");
        await flush.FlushAsync();
        await flush.FlushAsync();
        Assert.Equal(["10:00 7", "11:00 5"], await HoursAsync("outage"));
    }

    [Fact]
    public async Task What_could_not_be_written_for_a_day_is_given_up()
    {
        var clock = new FakeTimeProvider(new(2026, 11, 20, 10, 30, 0, TimeSpan.Zero));
        await App.ImportAsync(Sample.Manifest("given-up"), tenant: "given-up");
        var counters = new UsageCounters(Options.Create(new UsageOptions()));
        await using var database = new SystemDatabase(Source());
        using var flush = Flush(counters, new(database), clock);
        await ExecuteAsync("REVOKE INSERT ON usage_hourly FROM registry_system");
        counters.Count(new("given-up", "given-up", UsageKind.View));
        await Assert.ThrowsAsync<PostgresException>(flush.FlushAsync);
        clock.Advance(TimeSpan.FromHours(25));
        await ExecuteAsync("GRANT INSERT ON usage_hourly TO registry_system");
        await flush.FlushAsync();
        Assert.Empty(await HoursAsync("given-up"));
    }

    [Fact]
    public async Task Two_processes_add_to_the_same_rows_at_once_and_nothing_is_lost()
    {
        await App.ImportAsync(string.Join('\n', Enumerable.Range(0, 50).Select(i => Sample.Manifest($"shared-{i}"))), tenant: "shared");
        await using var database = new SystemDatabase(Source());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async p =>
        {
            var counters = new UsageCounters(Options.Create(new UsageOptions()));
            using var flush = Flush(counters, new(database), new FakeTimeProvider(new(2026, 11, 26, 10, 30, 0, TimeSpan.Zero)));
            for (var round = 0; round < 10; round++)
            {
                foreach (var i in Enumerable.Range(0, 50).OrderBy(i => (i * (p + 7)) % 50))
                {
                    counters.Count(new("shared", $"shared-{i}", UsageKind.Lock));
                }

                await flush.FlushAsync();
            }
        }));
        Assert.Equal(["10:00 2000"], await HoursAsync("shared"));
    }

    [Fact]
    public async Task A_process_that_stops_writes_down_what_it_has_counted()
    {
        await using (var app = await RegistryApp.StartAsync(registry.ConnectionString))
        {
            await app.ImportAsync(Sample.Manifest("last"), tenant: "stopping");
            await app.GetAsync("/api/capabilities/last", "stopping");
        }

        Assert.Equal(["last view 1"], await RowsAsync("stopping"));
    }

    [Fact]
    public async Task Usage_is_told_by_hour_and_day_with_the_most_used_first()
    {
        const string tenant = "told";
        await App.ImportAsync(string.Join('\n', Sample.Manifest("a"), Sample.Manifest("b")), tenant: tenant);
        await ExecuteAsync(
            """
            INSERT INTO usage_hourly SELECT c.tenant_id, c.capability_id, u.kind, u.hour, u.count FROM capabilities c
            JOIN (VALUES ('a', 'view', '2026-01-01T10:00Z'::timestamptz, 5), ('a', 'resolution', '2026-01-01T11:00Z', 2), ('a', 'root', '2026-01-01T11:00Z', 1), ('b', 'lock', '2026-01-01T11:00Z', 9)) AS u (code, kind, hour, count)
                ON u.code = c.capability_code WHERE c.tenant_id = 'told';
            INSERT INTO usage_daily SELECT tenant_id, capability_id, kind, hour::date, sum(count) FROM usage_hourly WHERE tenant_id = 'told' GROUP BY 1, 2, 3, 4
            """);
        var hours = (await App.GetAsync("/api/analytics/usage?granularity=hour&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", tenant)).Json;
        Assert.Equal(16, hours.GetProperty("total").GetInt64());
        Assert.Equal(["10 5 0 0 0", "11 0 2 1 9"], hours.GetProperty("series").EnumerateArray().Select(p => $"{p.GetProperty("at").GetDateTimeOffset().Hour} {Of(p, "view")} {Of(p, "resolution")} {Of(p, "root")} {Of(p, "lock")}"));
        Assert.Equal(["b 9", "a 7"], Top(hours));

        var days = (await App.GetAsync("/api/analytics/usage?from=2026-01-01T05:00:00Z&to=2026-01-01T06:00:00Z&capability=A&top=1", tenant)).Json;
        Assert.Equal(("day", 7), (days.GetProperty("granularity").GetString(), days.GetProperty("total").GetInt64()));
        Assert.Equal(["a 7"], Top(days));
        Assert.Equal(["a 1"], Top((await App.GetAsync("/api/analytics/usage?kind=root&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", tenant)).Json));
        Assert.Equal(0, (await App.GetAsync("/api/analytics/usage?capability=nothing&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", tenant)).Json.GetProperty("total").GetInt64());
        Assert.Equal(0, (await App.GetAsync("/api/analytics/usage?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", "told-nothing")).Json.GetProperty("total").GetInt64());
    }

    [Theory]
    [InlineData("granularity=minute", "?granularity")]
    [InlineData("kind=download", "?kind")]
    [InlineData("top=101", "?top")]
    [InlineData("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "?from")]
    [InlineData("from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "?from")]
    [InlineData("granularity=hour&from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z", "?from")]
    public async Task A_period_without_bounds_is_refused(string query, string pointer) => Assert.Equal([pointer], (await App.GetAsync($"/api/analytics/usage?{query}")).ErrorPointers);

    [Fact]
    public async Task Operators_see_how_the_process_fares_and_tenants_do_not()
    {
        await App.ImportAsync(Sample.Manifest("watched"), tenant: "watched");
        for (var i = 0; i < 4; i++)
        {
            await App.GetAsync("/api/capabilities/watched", "watched");
        }

        await App.GetAsync("/api/capabilities/never-there", "watched");
        Assert.Equal(403, (await App.GetAsync("/api/analytics/performance", "watched")).Status);
        var report = (await OperateAsync("/api/analytics/performance")).Json;
        Assert.Equal("this process", report.GetProperty("covers").GetString());
        var route = report.GetProperty("routes").EnumerateArray().Single(r => (r.GetProperty("method").GetString(), r.GetProperty("route").GetString()) == ("GET", "/api/capabilities/{capability}"));
        Assert.True(route.GetProperty("count").GetInt64() >= 5 && route.GetProperty("client_errors").GetInt64() >= 1, report.GetRawText());
        Assert.True(route.GetProperty("p50_ms").GetDouble() <= route.GetProperty("p99_ms").GetDouble());
        Assert.InRange(report.GetProperty("page_cache").GetProperty("hit_ratio").GetDouble(), 0.01, 1);
        Assert.True(report.GetProperty("sequence").GetProperty("head").GetInt64() > 0);
        Assert.True(report.GetProperty("connections").GetProperty("most").GetInt64() > 0, report.GetRawText());
    }

    [Fact]
    public async Task Where_analytics_are_off_there_is_nothing()
    {
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Features:AnalyticsDashboard"] = "false" });
        Assert.Equal(404, (await app.GetAsync("/api/analytics/usage")).Status);
        Assert.Equal(404, (await app.GetAsync("/api/analytics/performance")).Status);
    }

    [Fact]
    public async Task Pages_are_read_anew_when_the_popularity_was_computed()
    {
        const string tenant = "fresh";
        await App.ImportAsync(Sample.Manifest("fresh"), tenant: tenant);
        Assert.Equal(0, (await App.GetAsync("/api/capabilities/fresh", tenant)).Json.GetProperty("usage_count").GetInt64());
        await ExecuteAsync("UPDATE capabilities SET usage_count = 7 WHERE tenant_id = 'fresh'; INSERT INTO events (tenant_id, event_type, occurred_at, actor, change_id) VALUES ('fresh', 'usage.rolled_up', now(), 'system', gen_random_uuid())");
        var head = await App.Services.GetRequiredService<Sequencer>().RunAsync(TestContext.Current.CancellationToken);
        var page = await App.SendAsync(HttpMethod.Get, "/api/capabilities/fresh", tenant: tenant, headers: ("Registry-Min-Position", $"{head}"));
        Assert.Equal(7, page.Json.GetProperty("usage_count").GetInt64());
        Assert.Equal(200, (await App.SendAsync(HttpMethod.Patch, "/api/capabilities/fresh", """{"description":"New"}""", tenant: tenant, headers: ("If-Match", page.Headers.ETag!.Tag))).Status);
    }

    private static long Of(JsonElement point, string kind) => point.GetProperty(kind).GetInt64();

    private static IEnumerable<string> Top(JsonElement answer) => answer.GetProperty("top").EnumerateArray().Select(t => $"{t.GetProperty("capability_code").GetString()} {t.GetProperty("count").GetInt64()}");

    private Task FlushAsync() => App.Services.GetRequiredService<UsageFlush>().FlushAsync();

    private UsageFlush Flush(UsageCounters counters, UsageTable table, TimeProvider clock) =>
        new(counters, table, new(App.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), counters), Options.Create(new UsageOptions()), clock, NullLogger<UsageFlush>.Instance);

    private NpgsqlDataSource Source() => NpgsqlDataSource.Create($"{registry.ConnectionString};Options=-c role={DatabaseRoles.System}");

    private async Task<Answer> OperateAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", await App.Tokens.OfAsync(TestTokens.Tenant, Roles.RegistryAdmin));
        using var response = await App.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.OfAsync(response);
    }

    private Task<List<string>> RowsAsync(string tenant) => QueryAsync(
        $"SELECT n.name || ' ' || u.kind || ' ' || sum(u.count) FROM usage_hourly u JOIN names n ON n.name_id = u.capability_id WHERE u.tenant_id = '{tenant}' GROUP BY n.name, u.kind ORDER BY 1");

    private Task<List<string>> HoursAsync(string tenant) =>
        QueryAsync($"SELECT to_char(hour AT TIME ZONE 'UTC', 'HH24:MI') || ' ' || sum(count) FROM usage_hourly WHERE tenant_id = '{tenant}' GROUP BY hour ORDER BY hour");

    private async Task<List<string>> QueryAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(registry.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
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
        await using var connection = new NpgsqlConnection(registry.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
