using System.Globalization;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Tests.Testing;
using Npgsql;

namespace CapabilityRegistry.Tests.Api;

/// <summary>The change feed, and reading one's writes.</summary>
public sealed class ChangesTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private RegistryApp App => registry.App;

    [Fact]
    public async Task Every_write_is_in_the_feed_once_and_in_order()
    {
        const string tenant = "feed-order";
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(201, (await App.PostAsync("/api/capabilities", Sample.Manifest($"feed-{i}"), tenant)).Status);
        }

        Assert.Equal(204, (await App.SendAsync(HttpMethod.Delete, "/api/capabilities/feed-4", tenant: tenant)).Status);
        var (codes, position) = (new List<string>(), 0L);
        while (true)
        {
            var page = await ReadAsync($"since={position}&limit=2&types=version.published,capability.*", tenant);
            codes.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(i => $"{i.GetProperty("type").GetString()} {i.GetProperty("capability_code").GetString()} {i.GetProperty("deleted").GetBoolean()}"));
            Assert.All(page.Json.GetProperty("items").EnumerateArray(), i => Assert.True(i.GetProperty("position").GetInt64() > position));
            position = page.Json.GetProperty("position").GetInt64();
            if (!page.Json.GetProperty("has_more").GetBoolean())
            {
                break;
            }
        }

        Assert.Equal([.. Enumerable.Range(0, 5).Select(i => $"version.published feed-{i} False"), "capability.deleted feed-4 True"], codes);
        Assert.Empty((await ReadAsync($"since={position}", tenant)).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Who_waits_is_answered_when_something_happens_and_only_then()
    {
        const string tenant = "feed-wait";
        var since = PositionOf(await App.PostAsync("/api/capabilities", Sample.Manifest("before"), tenant));
        var waiting = ReadAsync($"since={since}&wait=60", tenant);
        await App.PostAsync("/api/capabilities", Sample.Manifest("elsewhere"), "feed-wait-other");
        Assert.False(waiting.IsCompleted);
        await App.PostAsync("/api/capabilities", Sample.Manifest("after"), tenant);
        var item = Assert.Single((await waiting).Json.GetProperty("items").EnumerateArray());
        Assert.Equal("after", item.GetProperty("capability_code").GetString());
        Assert.Empty((await ReadAsync($"since={item.GetProperty("position").GetInt64()}&wait=1", tenant)).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_position_that_is_no_longer_kept_or_never_was_is_410_with_a_snapshot()
    {
        const string tenant = "feed-gone";
        await App.PostAsync("/api/capabilities", Sample.Manifest("swept"), tenant);
        var position = PositionOf(await App.PostAsync("/api/capabilities", Sample.Manifest("kept"), tenant));
        await ExecuteAsync($"UPDATE tenants SET feed_floor = {position - 1} WHERE tenant_id = '{tenant}'");
        foreach (var since in new[] { position - 2, 1_000_000_000_000 })
        {
            var gone = await App.GetAsync($"/api/changes?since={since}", tenant);
            Assert.Equal((410, "RESOURCE_NOT_FOUND"), (gone.Status, gone.ErrorCode));
            var snapshot = gone.Json.GetProperty("snapshot");
            Assert.Equal("/api/capabilities/export", snapshot.GetProperty("href").GetString());
            Assert.True(snapshot.GetProperty("position").GetInt64() >= position);
            Assert.Equal(200, (await App.GetAsync($"/api/changes?since={snapshot.GetProperty("position").GetInt64()}", tenant)).Status);
        }

        Assert.Single((await ReadAsync($"since={position - 1}", tenant)).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task What_happens_to_clients_is_for_administrators()
    {
        const string tenant = "feed-clients";
        Assert.Equal(201, (await App.PostAsync("/api/clients", """{"client_id":"robot","roles":["observer"]}""", tenant)).Status);
        Assert.Contains("client.created", (await ReadAsync("since=0", tenant)).Text, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/changes?since=0");
        request.Headers.Authorization = new("Bearer", await App.Tokens.OfAsync(tenant, Roles.Observer));
        using var response = await App.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("client.", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("since=-1", "?since")]
    [InlineData("limit=0", "?limit")]
    [InlineData("limit=1001", "?limit")]
    [InlineData("wait=61", "?wait")]
    [InlineData("types=version.publish", "?types")]
    [InlineData("types=", "?types")]
    public async Task A_wrong_parameter_is_refused(string query, string pointer)
    {
        var answer = await App.GetAsync($"/api/changes?{query}");
        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.ErrorPointers);
    }

    [Fact]
    public async Task A_write_names_a_position_and_another_process_honours_it()
    {
        await using var other = await RegistryApp.StartAsync(registry.ConnectionString);
        await App.PostAsync("/api/capabilities", Sample.Manifest("own-write"));
        Assert.Equal(200, (await other.GetAsync("/api/capabilities/own-write")).Status);
        for (var minor = 1; minor <= 20; minor++)
        {
            var position = PositionOf(await App.PostAsync("/api/capabilities/own-write/versions", Sample.Manifest("own-write", $"1.{minor}.0")));
            var page = await other.SendAsync(HttpMethod.Get, "/api/capabilities/own-write", headers: ("Registry-Min-Position", position.ToString(CultureInfo.InvariantCulture)));
            Assert.Equal($"1.{minor}.0", page.Json.GetProperty("version").GetString());
        }
    }

    [Theory]
    [InlineData("x", "invalid_position")]
    [InlineData("-1", "invalid_position")]
    [InlineData("99999999999999999999", "invalid_position")]
    [InlineData("1000000000000", "unknown_position")]
    public async Task A_position_that_was_never_told_is_refused(string position, string code)
    {
        var answer = await App.SendAsync(HttpMethod.Get, "/api/capabilities", headers: ("Registry-Min-Position", position));
        Assert.Equal(400, answer.Status);
        Assert.Equal(code, answer.Json.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_rehearsal_names_no_position()
    {
        var answer = await App.PostAsync("/api/capabilities?dry_run=true", Sample.Manifest("rehearsed"));
        Assert.Equal(201, answer.Status);
        Assert.False(answer.Headers.Contains("Registry-Position"));
    }

    private static long PositionOf(Answer answer)
    {
        Assert.True(answer.Status is >= 200 and < 300, answer.Text);
        return long.Parse(answer.Headers.GetValues("Registry-Position").Single(), CultureInfo.InvariantCulture);
    }

    private async Task<Answer> ReadAsync(string query, string tenant)
    {
        var answer = await App.GetAsync($"/api/changes?{query}", tenant);
        Assert.True(answer.Status == 200, answer.Text);
        return answer;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(registry.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
