using System.Globalization;
using System.Text.Json;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Tests.Api.Contract;
using CapabilityRegistry.Tests.Testing;
using CapabilityRegistry.Worker.Housekeeping;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CapabilityRegistry.Tests.Api.Mobile;

/// <summary>Devices that are offline for a while.</summary>
public sealed class SyncTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private RegistryApp App => registry.App;

    [Fact]
    public async Task A_device_gets_everything_in_pages_and_then_what_has_changed_once()
    {
        const string tenant = "mobile-delta";
        await App.FillAsync(tenant, 5);
        var page = await SyncAsync(tenant, """{"limit":2}""");
        var (position, codes) = (page.GetProperty("position").GetInt64(), MobileCalls.CodesOf(page, "upserts").ToList());
        await App.PostAsync("/api/capabilities", Sample.Manifest("zzz-meanwhile"), tenant);
        while (page.TryGetProperty("after", out var after))
        {
            page = await SyncAsync(tenant, $$"""{"limit":2,"since":{{position}},"after":"{{after.GetString()}}"}""");
            Assert.Equal(position, page.GetProperty("position").GetInt64());
            codes.AddRange(MobileCalls.CodesOf(page, "upserts"));
        }

        Assert.Equal(["item-0", "item-1", "item-2", "item-3", "item-4", "zzz-meanwhile"], codes);
        for (var i = 0; i < 3; i++)
        {
            await App.SendAsync(HttpMethod.Patch, "/api/capabilities/item-1", $$"""{"description":"change {{i}}"}""", tenant: tenant);
        }

        Assert.Equal(204, (await App.SendAsync(HttpMethod.Delete, "/api/capabilities/item-3", tenant: tenant)).Status);
        page = await SyncAsync(tenant, $$"""{"since":{{position}}}""");
        Assert.Equal(["item-1", "zzz-meanwhile"], MobileCalls.CodesOf(page, "upserts"));
        Assert.Equal("change 2", page.GetProperty("upserts")[0].GetProperty("short_description").GetString());
        Assert.Equal(["item-3"], MobileCalls.CodesOf(page, "tombstones"));
        Assert.False(page.GetProperty("has_more").GetBoolean());

        page = await SyncAsync(tenant, $$"""{"since":{{page.GetProperty("position").GetInt64()}}}""");
        Assert.Empty(MobileCalls.CodesOf(page, "upserts").Concat(MobileCalls.CodesOf(page, "tombstones")));
    }

    [Fact]
    public async Task A_delta_comes_in_pieces_and_a_position_that_is_no_longer_kept_is_410()
    {
        const string tenant = "mobile-pieces";
        await App.FillAsync(tenant, 5);
        var (codes, position, pieces) = (new HashSet<string>(StringComparer.Ordinal), 0L, 0);
        for (var more = true; more; pieces++)
        {
            var piece = await SyncAsync(tenant, $$"""{"since":{{position}},"limit":2}""");
            codes.UnionWith(MobileCalls.CodesOf(piece, "upserts"));
            (position, more) = (piece.GetProperty("position").GetInt64(), piece.GetProperty("has_more").GetBoolean());
        }

        Assert.Equal(5, codes.Count);
        Assert.True(pieces >= 3, $"{pieces}");
        await Tables.ScalarAsync(registry, $"UPDATE tenants SET feed_floor = {position} WHERE tenant_id = '{tenant}'");
        var gone = await App.PostAsync("/api/mobile/sync", $$"""{"since":{{position - 1}},"actions":[{{Patch(NewId(), "item-0", "lost")}}]}""", tenant);
        Assert.Equal((410, "RESOURCE_NOT_FOUND"), (gone.Status, gone.ErrorCode));
        Assert.Equal(0, await Tables.CountAsync(registry, "mobile_actions", tenant));
    }

    [Fact]
    public async Task Every_type_of_action_is_done_in_order_and_each_by_itself()
    {
        const string tenant = "mobile-actions";
        await App.FillAsync(tenant, 2);
        var results = await ActAsync(
            tenant,
            Patch(NewId(), "item-0", "patched"),
            $$"""{"client_action_id":"{{NewId()}}","type":"deprecate_version","capability":"item-0","version":"1.0.0","message":"old","replaced_by":"item-1"}""",
            $$"""{"client_action_id":"{{NewId()}}","type":"yank_version","capability":"never","version":"1.0.0","reason":"x"}""",
            $$"""{"client_action_id":"{{NewId()}}","type":"yank_version","capability":"item-0","version":"1.0.0","reason":"x"}""",
            $$"""{"client_action_id":"{{NewId()}}","type":"restore_version","capability":"item-0","version":"1.0.0"}""",
            $$$"""{"client_action_id":"{{{NewId()}}}","type":"create_composition","composition":{"name":"Offline","requirements":[{"capability_code":"item-1"}]}}""",
            $$$"""{"client_action_id":"{{{NewId()}}}","type":"create_composition","composition":{"name":"Offline","requirements":[{"capability_code":"item-1"}]}}""");
        Assert.Equal(["applied", "applied", "rejected", "applied", "applied", "applied", "conflict"], results.Select(StatusOf));
        Assert.Equal("RESOURCE_NOT_FOUND", results[2].GetProperty("error_code").GetString());
        Assert.Equal("DUPLICATE_RESOURCE", results[6].GetProperty("error_code").GetString());
        Assert.Equal("patched", (await App.GetAsync("/api/capabilities/item-0", tenant)).Json.GetProperty("description").GetString());
        Assert.Equal(200, (await App.GetAsync($"/api/compositions/{results[5].GetProperty("composition_id").GetString()}", tenant)).Status);
        Assert.Equal(
            ["capability.updated", "version.lifecycle_changed", "version.lifecycle_changed", "version.lifecycle_changed", "composition.created"],
            (await App.GetAsync("/api/changes?since=0", tenant)).Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("type").GetString()).Where(t => t != "version.published"));
    }

    [Fact]
    public async Task A_repeat_gets_the_first_answer_and_another_action_with_its_id_none()
    {
        const string tenant = "mobile-repeat";
        await App.FillAsync(tenant, 1);
        var id = NewId();
        var first = Assert.Single(await ActAsync(tenant, Patch(id, "item-0", "once")));
        await App.SendAsync(HttpMethod.Patch, "/api/capabilities/item-0", """{"description":"later"}""", tenant: tenant);
        var again = Assert.Single(await ActAsync(tenant, Patch(id, "item-0", "once")));
        Assert.Equal(("applied", "duplicate", "applied"), (StatusOf(first), StatusOf(again), again.GetProperty("first_status").GetString()));
        Assert.Equal(first.GetProperty("current").GetRawText(), again.GetProperty("current").GetRawText());
        Assert.Equal("later", (await App.GetAsync("/api/capabilities/item-0", tenant)).Json.GetProperty("description").GetString());

        var reused = Assert.Single(await ActAsync(tenant, Patch(id, "item-0", "other")));
        Assert.Equal(("rejected", "id_reused"), (StatusOf(reused), reused.GetProperty("errors")[0].GetProperty("code").GetString()));
        var twice = await ActAsync(tenant, Patch(id = NewId(), "item-0", "twice"), Patch(id, "item-0", "twice"));
        Assert.Equal(["applied", "duplicate"], twice.Select(StatusOf));
    }

    [Fact]
    public async Task Two_hundred_concurrent_repeats_of_an_action_do_it_once()
    {
        const string tenant = "mobile-storm";
        await App.FillAsync(tenant, 1);
        var body = $$$"""{"actions":[{"client_action_id":"{{{NewId()}}}","type":"create_composition","composition":{"name":"Once","requirements":[{"capability_code":"item-0"}]}}]}""";
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => App.PostAsync("/api/mobile/sync", body, tenant)));
        Assert.All(answers, a => Assert.True(a.Status == 200, a.Text));
        var results = answers.Select(a => a.Json.GetProperty("results")[0]).ToArray();
        Assert.Single(results, r => StatusOf(r) == "applied");
        Assert.Equal(199, results.Count(r => StatusOf(r) == "duplicate"));
        Assert.Single(results.Select(r => r.GetProperty("composition_id").GetString()).Distinct());
        Assert.Equal(1, await Tables.CountAsync(registry, "compositions", tenant));
    }

    [Fact]
    public async Task What_was_thought_for_another_state_is_a_conflict_with_the_present_one()
    {
        const string tenant = "mobile-conflict";
        await App.FillAsync(tenant, 1);
        var known = (await App.GetAsync("/api/mobile/capabilities", tenant)).Json.GetProperty("items")[0].GetProperty("revision").GetInt64();
        var tag = (await App.GetAsync("/api/capabilities/item-0", tenant)).Headers.ETag!.Tag;
        await App.SendAsync(HttpMethod.Patch, "/api/capabilities/item-0", """{"description":"theirs"}""", tenant: tenant);
        string[] stale = [$"\"base_revision\":{known}", $"\"if_match\":{JsonSerializer.Serialize(tag)}"];
        foreach (var condition in stale)
        {
            var conflict = Assert.Single(await ActAsync(tenant, Patch(NewId(), "item-0", "mine", condition)));
            Assert.Equal(("conflict", "PRECONDITION_FAILED"), (StatusOf(conflict), conflict.GetProperty("error_code").GetString()));
            Assert.Equal("theirs", conflict.GetProperty("current").GetProperty("short_description").GetString());
        }

        tag = (await App.GetAsync("/api/capabilities/item-0", tenant)).Headers.ETag!.Tag;
        var results = await ActAsync(tenant, Patch(NewId(), "item-0", "mine", $"\"base_revision\":{known + 1},\"if_match\":{JsonSerializer.Serialize(tag)}"));
        Assert.Equal(("applied", known + 2), (StatusOf(results[0]), results[0].GetProperty("current").GetProperty("revision").GetInt64()));
    }

    [Fact]
    public async Task What_is_wrong_with_an_action_is_said_and_does_not_touch_the_others()
    {
        const string tenant = "mobile-wrong";
        await App.FillAsync(tenant, 1);
        var results = await ActAsync(
            tenant,
            $$"""{"client_action_id":"{{NewId()}}","type":"yank_version","message":"x"}""",
            $$$"""{"client_action_id":"{{{NewId()}}}","type":"update_capability","capability":"item-0","patch":{"status":"retired"}}""",
            $$$"""{"client_action_id":"{{{NewId()}}}","type":"create_composition","composition":{"name":""}}""",
            Patch(NewId(), "item-0", "fine"));
        Assert.Equal(["rejected", "rejected", "rejected", "applied"], results.Select(StatusOf));
        Assert.Equal(["/capability", "/version", "/reason", "/message"], PointersOf(results[0]));
        Assert.Equal(["/patch/status"], PointersOf(results[1]));
        Assert.Equal(["/composition/name", "/composition/requirements"], PointersOf(results[2]));
    }

    [Theory]
    [InlineData("""{"since":-1}""", "/since")]
    [InlineData("""{"after":"x"}""", "/since")]
    [InlineData("""{"limit":0}""", "/limit")]
    [InlineData("""{"limit":1001}""", "/limit")]
    [InlineData("""{"actions":[{"type":"yank_version"}]}""", "/actions/0/client_action_id")]
    [InlineData("""{"actions":[{"client_action_id":"0192f0c1-2b3c-7d4e-8f50-617283940a1b","type":"explode"}]}""", "/actions/0/type")]
    public async Task A_request_that_cannot_be_meant_is_refused(string body, string pointer)
    {
        var answer = await App.PostAsync("/api/mobile/sync", body);
        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.ErrorPointers);
    }

    [Fact]
    public async Task Who_may_only_read_synchronises_and_has_actions_rejected()
    {
        const string tenant = "mobile-roles";
        await App.FillAsync(tenant, 1);
        foreach (var (role, edit, compose) in new[] { (Roles.Observer, "rejected", "rejected"), (Roles.CapabilityDeveloper, "applied", "rejected"), (Roles.CompositionDesigner, "rejected", "applied") })
        {
            var body = $$$"""{"since":0,"actions":[{{{Patch(NewId(), "item-0", role)}}},{"client_action_id":"{{{NewId()}}}","type":"create_composition","composition":{"name":"{{{role}}}","requirements":[{"capability_code":"item-0"}]}}]}""";
            var answer = await App.SendAsync(HttpMethod.Post, "/api/mobile/sync", body, headers: ("Authorization", $"Bearer {await App.Tokens.OfAsync(tenant, role)}"));
            Assert.Equal(200, answer.Status);
            Assert.Equal(["item-0"], MobileCalls.CodesOf(answer.Json, "upserts"));
            var results = answer.Json.GetProperty("results").EnumerateArray().ToArray();
            Assert.Equal([edit, compose], results.Select(StatusOf));
            Assert.All(results.Where(r => StatusOf(r) == "rejected"), r => Assert.Equal("AUTHORIZATION_ERROR", r.GetProperty("error_code").GetString()));
        }
    }

    [Fact]
    public async Task What_another_tenant_has_is_answered_in_every_action_like_what_never_was()
    {
        await App.FillAsync("mobile-theirs", 1);
        var theirs = (await App.GetAsync("/api/capabilities/item-0", "mobile-theirs")).Json.GetProperty("capability_id").GetString()!;
        var answers = new List<string>();
        foreach (var id in new[] { theirs, NewId() })
        {
            var results = await ActAsync(
                "mobile-mine",
                Patch(NewId(), id, "x"),
                $$"""{"client_action_id":"{{NewId()}}","type":"deprecate_version","capability":"{{id}}","version":"1.0.0"}""",
                $$"""{"client_action_id":"{{NewId()}}","type":"yank_version","capability":"{{id}}","version":"1.0.0","reason":"x"}""",
                $$"""{"client_action_id":"{{NewId()}}","type":"restore_version","capability":"{{id}}","version":"1.0.0"}""",
                $$$"""{"client_action_id":"{{{NewId()}}}","type":"create_composition","composition":{"name":"x","capability_ids":["{{{id}}}"]}}""");
            Assert.All(results, r => Assert.Equal("rejected", StatusOf(r)));
            answers.Add(string.Join('\n', results.Select(r => r.GetRawText()[r.GetRawText().IndexOf("\"status\"", StringComparison.Ordinal)..])));
        }

        Assert.Equal(answers[1], answers[0]);
    }

    [Fact]
    public async Task A_rehearsal_answers_and_keeps_nothing_and_a_synchronisation_names_a_position()
    {
        const string tenant = "mobile-rehearsal";
        await App.FillAsync(tenant, 1);
        var body = $$"""{"actions":[{{Patch(NewId(), "item-0", "rehearsed")}}]}""";
        var rehearsal = await App.PostAsync("/api/mobile/sync?dry_run=true", body, tenant);
        Assert.Equal(("applied", false), (StatusOf(rehearsal.Json.GetProperty("results")[0]), rehearsal.Headers.Contains("Registry-Position")));
        Assert.Equal(0, await Tables.CountAsync(registry, "mobile_actions", tenant));
        var done = await App.PostAsync("/api/mobile/sync", body, tenant);
        var position = done.Headers.GetValues("Registry-Position").Single();
        Assert.True(long.Parse(position, CultureInfo.InvariantCulture) > done.Json.GetProperty("position").GetInt64());
        Assert.Equal("rehearsed", (await App.SendAsync(HttpMethod.Get, "/api/capabilities/item-0", tenant: tenant, headers: ("Registry-Min-Position", position))).Json.GetProperty("description").GetString());
    }

    [Fact]
    public async Task Results_are_kept_for_thirty_days()
    {
        const string tenant = "mobile-aged";
        await App.FillAsync(tenant, 1);
        await ActAsync(tenant, Patch(NewId(), "item-0", "x"));
        foreach (var (days, left) in new[] { (29, 1), (31, 0) })
        {
            var later = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(days));
            using var sweeper = new MobileActionSweeper(App.Services.GetRequiredService<SystemDatabase>(), Options.Create(new MobileActionOptions()), later, NullLogger<MobileActionSweeper>.Instance);
            await sweeper.SweepAsync(TestContext.Current.CancellationToken);
            Assert.Equal(left, await Tables.CountAsync(registry, "mobile_actions", tenant));
        }
    }

    [Fact]
    public async Task Without_the_feature_there_is_no_such_address()
    {
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Features:MobileApi"] = "false" });
        Assert.Equal(404, (await app.GetAsync("/api/mobile/capabilities")).Status);
        Assert.Equal(404, (await app.PostAsync("/api/mobile/sync", "{}")).Status);
    }

    private static string NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString();

    private static string Patch(string id, string capability, string description, string more = "") =>
        $$"""{"client_action_id":"{{id}}","type":"update_capability","capability":"{{capability}}","patch":{"description":"{{description}}"}{{(more.Length == 0 ? "" : "," + more)}}}""";

    private static string? StatusOf(JsonElement result) => result.GetProperty("status").GetString();

    private static IEnumerable<string?> PointersOf(JsonElement result) => result.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString());

    private async Task<JsonElement> SyncAsync(string tenant, string body)
    {
        var answer = await App.PostAsync("/api/mobile/sync", body, tenant);
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json;
    }

    private async Task<IReadOnlyList<JsonElement>> ActAsync(string tenant, params string[] actions) =>
        [.. (await SyncAsync(tenant, $$"""{"actions":[{{string.Join(',', actions)}}]}""")).GetProperty("results").EnumerateArray()];
}
