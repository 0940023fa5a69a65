using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api;

public sealed class CapabilityTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private RegistryApp App => registry.App;

    [Fact]
    public async Task A_registered_capability_is_read_back_by_code_and_by_id()
    {
        var created = await App.PostAsync("/api/capabilities", Sample.Manifest("read-back", "1.2.0", Sample.Needs("other"), """ "provides_services":[{"service":"reading","version":"2.0.0"}],"target_users":["readers"]"""));
        Assert.Equal(201, created.Status);
        Assert.EndsWith("/api/capabilities/read-back", created.Headers.Location!.ToString(), StringComparison.Ordinal);

        var byCode = await App.GetAsync("/api/capabilities/READ-BACK");
        var byId = await App.GetAsync($"/api/capabilities/{created.Json.GetProperty("capability_id").GetString()}");

        Assert.Equal(200, byCode.Status);
        Assert.Equal(byCode.Text, byId.Text);
        Assert.Equal("1.2.0", byCode.Json.GetProperty("version").GetString());
        Assert.Equal("registered", byCode.Json.GetProperty("status").GetString());
        Assert.Equal("other", byCode.Json.GetProperty("dependencies")[0].GetProperty("capability_code").GetString());
        Assert.Equal("reading", byCode.Json.GetProperty("provides_services")[0].GetProperty("service").GetString());
        Assert.Equal("readers", byCode.Json.GetProperty("target_users")[0].GetString());
        Assert.Equal(7, Guid.Parse(byCode.Json.GetProperty("capability_id").GetString()!).Version);
        var parts = byCode.Json.GetProperty("quality_parts").EnumerateArray().Sum(p => p.GetProperty("points").GetDouble());
        Assert.Equal(byCode.Json.GetProperty("quality_score").GetDouble(), parts, precision: 3);
    }

    [Fact]
    public async Task Registering_an_existing_code_returns_409()
    {
        await App.PostAsync("/api/capabilities", Sample.Manifest("twice"));
        var again = await App.PostAsync("/api/capabilities", Sample.Manifest("Twice", "2.0.0"));
        Assert.Equal((409, "DUPLICATE_RESOURCE"), (again.Status, again.ErrorCode));
    }

    [Fact]
    public async Task Publishing_an_existing_version_returns_409_also_when_only_its_build_metadata_differs()
    {
        await App.PostAsync("/api/capabilities", Sample.Manifest("publish-twice"));
        Assert.Equal(201, (await App.PostAsync("/api/capabilities/publish-twice/versions", Sample.Manifest("publish-twice", "1.1.0+a"))).Status);
        var again = await App.PostAsync("/api/capabilities/publish-twice/versions", Sample.Manifest("publish-twice", "1.1.0+b"));
        Assert.Equal((409, "DUPLICATE_RESOURCE"), (again.Status, again.ErrorCode));
    }

    [Fact]
    public async Task Publishing_under_the_wrong_address_is_refused()
    {
        await App.PostAsync("/api/capabilities", Sample.Manifest("right-address"));
        var wrong = await App.PostAsync("/api/capabilities/right-address/versions", Sample.Manifest("other-address", "2.0.0"));
        Assert.Equal(400, wrong.Status);
        Assert.Equal(["/capability_code"], wrong.ErrorPointers);
        Assert.Equal(404, (await App.PostAsync("/api/capabilities/never-registered/versions", Sample.Manifest("never-registered"))).Status);
    }

    [Fact]
    public async Task Eight_concurrent_publishers_of_one_version_make_one_version()
    {
        await App.PostAsync("/api/capabilities", Sample.Manifest("race"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => App.PostAsync("/api/capabilities/race/versions", Sample.Manifest("race", "2.0.0"))));
        Assert.Single(answers, a => a.Status == 201);
        Assert.Equal(7, answers.Count(a => a.Status == 409));
    }

    [Fact]
    public async Task Versions_are_listed_newest_first_by_precedence()
    {
        await App.PostAsync("/api/capabilities", Sample.Manifest("ordered", "2.0.0"));
        foreach (var version in new[] { "10.0.0", "9.0.0", "10.0.0-rc.1", "2.0.1", "10.0.0-rc.11", "10.0.0-rc.2" })
        {
            Assert.Equal(201, (await App.PostAsync("/api/capabilities/ordered/versions", Sample.Manifest("ordered", version))).Status);
        }

        var list = await App.GetAsync("/api/capabilities/ordered/versions");
        Assert.Equal(
            ["10.0.0", "10.0.0-rc.11", "10.0.0-rc.2", "10.0.0-rc.1", "9.0.0", "2.0.1", "2.0.0"],
            list.Json.GetProperty("items").EnumerateArray().Select(v => v.GetProperty("version").GetString()!));
        Assert.Equal("10.0.0", (await App.GetAsync("/api/capabilities/ordered/versions/latest")).Json.GetProperty("version").GetString());
        Assert.Equal("9.0.0", (await App.GetAsync("/api/capabilities/ordered/versions/9.0.0+any")).Json.GetProperty("version").GetString());
        Assert.Equal(404, (await App.GetAsync("/api/capabilities/ordered/versions/9.9.9")).Status);
        Assert.Equal(404, (await App.GetAsync("/api/capabilities/ordered/versions/newest")).Status);
    }

    [Fact]
    public async Task The_page_follows_the_newest_version_and_not_an_older_one_published_later()
    {
        await App.PostAsync("/api/capabilities", Sample.Manifest("page", "1.0.0"));
        await App.PostAsync("/api/capabilities/page/versions", """{"capability_code":"page","version":"2.0.0","description":"The second"}""");
        await App.PostAsync("/api/capabilities/page/versions", """{"capability_code":"page","version":"1.5.0","description":"A late patch"}""");
        var page = await App.GetAsync("/api/capabilities/page");
        Assert.Equal(("2.0.0", "The second"), (page.Json.GetProperty("version").GetString(), page.Json.GetProperty("description").GetString()));
    }

    [Fact]
    public async Task Latest_is_the_highest_release_and_a_prerelease_only_while_there_is_none()
    {
        await App.PostAsync("/api/capabilities", Sample.Manifest("channel", "0.1.0-alpha"));
        Assert.Equal("0.1.0-alpha", await LatestAsync());
        await App.PostAsync("/api/capabilities/channel/versions", Sample.Manifest("channel", "0.1.0"));
        await App.PostAsync("/api/capabilities/channel/versions", Sample.Manifest("channel", "1.0.0-rc.1"));
        Assert.Equal("0.1.0", await LatestAsync());
        await App.PostAsync("/api/capabilities/channel/versions", Sample.Manifest("channel", "1.0.0"));
        Assert.Equal("1.0.0", await LatestAsync());

        async Task<string?> LatestAsync() => (await App.GetAsync("/api/capabilities/channel/versions/latest")).Json.GetProperty("version").GetString();
    }

    [Fact]
    public async Task Put_replaces_and_patch_changes_only_the_editable_part()
    {
        await App.PostAsync("/api/capabilities", Sample.Manifest("edited", "1.0.0", Sample.Needs("kept"), """ "long_description":"long","composition_keywords":["a","b"]"""));

        var patched = await App.SendAsync(HttpMethod.Patch, "/api/capabilities/edited", """{"long_description":null,"description":"patched","metadata":{"x":1}}""", "application/merge-patch+json");
        Assert.Equal(200, patched.Status);
        Assert.Equal("patched", patched.Json.GetProperty("description").GetString());
        Assert.False(patched.Json.TryGetProperty("long_description", out _));
        Assert.Equal(["a", "b"], patched.Json.GetProperty("composition_keywords").EnumerateArray().Select(k => k.GetString()!));

        var replaced = await App.SendAsync(HttpMethod.Put, "/api/capabilities/edited", """{"capability_name":"New name","status":"validated"}""");
        Assert.Equal(200, replaced.Status);
        Assert.Equal(("New name", "", "validated"), (replaced.Json.GetProperty("capability_name").GetString(), replaced.Json.GetProperty("description").GetString(), replaced.Json.GetProperty("status").GetString()));
        Assert.Equal("kept", replaced.Json.GetProperty("dependencies")[0].GetProperty("capability_code").GetString());
    }

    [Theory]
    [InlineData("""{"version":"2.0.0"}""", "/version")]
    [InlineData("""{"capability_name":null}""", "/capability_name")]
    [InlineData("""{"status":"retired"}""", "/status")]
    [InlineData("""{"composition_keywords":"a"}""", "/composition_keywords")]
    public async Task A_patch_that_does_not_fit_is_refused_with_its_pointer(string patch, string pointer)
    {
        await App.PostAsync("/api/capabilities", Sample.Manifest("unpatched"));
        var answer = await App.SendAsync(HttpMethod.Patch, "/api/capabilities/unpatched", patch);
        Assert.Equal((400, "VALIDATION_ERROR"), (answer.Status, answer.ErrorCode));
        Assert.Equal([pointer], answer.ErrorPointers);
    }

    [Fact]
    public async Task A_capability_with_dependents_is_deleted_only_by_force_and_comes_back_when_restored()
    {
        await App.PostAsync("/api/capabilities", Sample.Manifest("needed"));
        await App.PostAsync("/api/capabilities", Sample.Manifest("needing", "1.0.0", Sample.Needs("needed")));

        var refused = await App.SendAsync(HttpMethod.Delete, "/api/capabilities/needed");
        Assert.Equal((409, "DEPENDENCY_ERROR"), (refused.Status, refused.ErrorCode));
        Assert.Equal("needing", refused.Json.GetProperty("dependents")[0].GetString());

        Assert.Equal(204, (await App.SendAsync(HttpMethod.Delete, "/api/capabilities/needed?force=true")).Status);
        Assert.Equal(404, (await App.GetAsync("/api/capabilities/needed")).Status);
        Assert.Equal("impossible", (await App.PostAsync("/api/dependencies/resolve", Sample.Resolve("needing"))).Json.GetProperty("status").GetString());
        Assert.Equal(409, (await App.PostAsync("/api/capabilities", Sample.Manifest("needed"))).Status);

        Assert.Equal(200, (await App.PostAsync("/api/capabilities/needed/restore", null)).Status);
        Assert.Equal("resolved", (await App.PostAsync("/api/dependencies/resolve", Sample.Resolve("needing"))).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_status_of_a_capability_follows_its_versions()
    {
        await App.PostAsync("/api/capabilities", Sample.Manifest("ageing", "1.0.0"));
        await App.PostAsync("/api/capabilities/ageing/versions", Sample.Manifest("ageing", "2.0.0"));

        var deprecated = await App.PostAsync("/api/capabilities/ageing/versions/1.0.0/deprecate", """{"message":"old","replaced_by":"Young","sunset_at":"2027-01-01T00:00:00+02:00"}""");
        Assert.Equal(200, deprecated.Status);
        var lifecycle = deprecated.Json.GetProperty("lifecycle");
        Assert.Equal(("deprecated", "old", "young"), (lifecycle.GetProperty("state").GetString(), lifecycle.GetProperty("message").GetString(), lifecycle.GetProperty("replaced_by").GetString()));
        Assert.Equal("registered", await StatusAsync());

        await App.PostAsync("/api/capabilities/ageing/versions/latest/yank", """{"reason":"broken"}""");
        Assert.Equal("deprecated", await StatusAsync());
        await App.PostAsync("/api/capabilities/ageing/versions/1.0.0/retire", """{"reason":"gone"}""");
        Assert.Equal("retired", await StatusAsync());
        await App.PostAsync("/api/capabilities/ageing/versions/2.0.0/restore", null);
        Assert.Equal("active", await StatusAsync());

        async Task<string?> StatusAsync() => (await App.GetAsync("/api/capabilities/ageing")).Json.GetProperty("status").GetString();
    }

    [Fact]
    public async Task Batch_get_answers_in_order_with_null_for_what_is_missing()
    {
        var created = await App.PostAsync("/api/capabilities", Sample.Manifest("batched"));
        var id = created.Json.GetProperty("capability_id").GetString();
        var answer = await App.PostAsync("/api/capabilities/batch_get", $$"""{"capabilities":["nothing","{{id}}","batched","not a code!"]}""");
        Assert.Equal([null, "batched", "batched", null], answer.Json.GetProperty("items").EnumerateArray().Select(i => i.ValueKind is System.Text.Json.JsonValueKind.Null ? null : i.GetProperty("capability_code").GetString()));
    }
}
