using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api;

public sealed class CompositionTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private RegistryApp App => registry.App;

    [Fact]
    public async Task A_lock_keeps_what_it_can_and_all_takes_the_newest()
    {
        await App.ImportAsync(Sample.Manifest("pinned", "1.0.0", Sample.Needs("base")) + "\n" + Sample.Manifest("base"));
        var created = await App.PostAsync("/api/compositions", """{"name":"Shop","composition_type":"microservice","requirements":[{"capability_code":"Pinned"}],"configuration":{"a":[1]}}""");
        Assert.Equal(201, created.Status);
        var path = created.Headers.Location!.ToString();
        Assert.Equal(404, (await App.GetAsync($"{path}/lock")).Status);

        Assert.Contains("\"version\":\"1.0.0\"", (await App.PostAsync($"{path}/lock", null)).Text, StringComparison.Ordinal);
        await App.PostAsync("/api/capabilities/pinned/versions", Sample.Manifest("pinned", "1.1.0"));

        Assert.DoesNotContain("1.1.0", (await App.PostAsync($"{path}/lock?update=none", null)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("1.1.0", (await App.PostAsync($"{path}/lock?update=minimal", null)).Text, StringComparison.Ordinal);
        var all = await App.PostAsync($"{path}/lock?update=all", null);
        Assert.Contains("1.1.0", all.Text, StringComparison.Ordinal);
        Assert.Equal(all.Text, (await App.GetAsync($"{path}/lock")).Text);
        Assert.True((await App.GetAsync(path)).Json.TryGetProperty("locked_at", out _));
        Assert.Equal(400, (await App.PostAsync($"{path}/lock?update=some", null)).Status);
    }

    [Fact]
    public async Task What_cannot_be_resolved_is_not_locked_and_the_reason_is_given()
    {
        var created = await App.PostAsync("/api/compositions", """{"name":"Impossible","requirements":[{"capability_code":"nobody-has-it"}]}""");
        var answer = await App.PostAsync($"{created.Headers.Location}/lock", null);
        Assert.Equal((409, "COMPOSITION_ERROR"), (answer.Status, answer.ErrorCode));
        Assert.Contains("nothing is called nobody-has-it", answer.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await App.GetAsync($"{created.Headers.Location}/lock")).Status);
    }

    [Fact]
    public async Task A_composition_can_name_capabilities_by_id()
    {
        var id = (await App.PostAsync("/api/capabilities", Sample.Manifest("by-id"))).Json.GetProperty("capability_id").GetString();
        var created = await App.PostAsync("/api/compositions", $$"""{"name":"By id","capability_ids":["{{id}}"]}""");
        Assert.Equal("by-id", created.Json.GetProperty("requirements")[0].GetProperty("capability_code").GetString());
        var unknown = await App.PostAsync("/api/compositions", """{"name":"Unknown","capability_ids":["01940000-0000-7000-8000-000000000000"]}""");
        Assert.Equal(["/capability_ids/0"], unknown.ErrorPointers);
    }

    [Fact]
    public async Task A_name_is_taken_once_in_a_tenant()
    {
        const string Body = """{"name":"Taken","requirements":[{"capability_code":"a"}]}""";
        Assert.Equal(201, (await App.PostAsync("/api/compositions", Body)).Status);
        Assert.Equal(409, (await App.PostAsync("/api/compositions", Body)).Status);
        Assert.Equal(201, (await App.PostAsync("/api/compositions", Body, tenant: "elsewhere")).Status);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_a_replacement_everything()
    {
        const string tenant = "composition-edits";
        var created = await App.PostAsync("/api/compositions", """{"name":"Edited","description":"Old","requirements":[{"capability_code":"a"}],"configuration":{"a":1,"b":2}}""", tenant);
        var path = created.Headers.Location!.ToString();
        var patched = await App.SendAsync(HttpMethod.Patch, path, """{"description":null,"configuration":{"a":null,"c":[3]}}""", "application/merge-patch+json", tenant);
        Assert.Equal((200, """{"b":2,"c":[3]}"""), (patched.Status, patched.Json.GetProperty("configuration").GetRawText()));
        Assert.Equal(("", 2), (patched.Json.GetProperty("description").GetString(), patched.Json.GetProperty("revision").GetInt64()));
        var again = await App.SendAsync(HttpMethod.Patch, path, """{"configuration":{"c":[3]}}""", tenant: tenant);
        Assert.Equal(patched.Text, again.Text);

        var replaced = await App.SendAsync(HttpMethod.Put, path, """{"name":"Edited","requirements":[{"capability_code":"b"}]}""", tenant: tenant);
        Assert.Equal((200, false), (replaced.Status, replaced.Json.TryGetProperty("configuration", out _)));
        Assert.Equal(replaced.Text, (await App.GetAsync(path, tenant)).Text);
        var feed = (await App.GetAsync("/api/changes", tenant)).Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("type").GetString());
        Assert.Equal(["composition.created", "composition.updated", "composition.updated"], feed);
    }

    [Fact]
    public async Task A_deleted_composition_leaves_a_tombstone_and_its_name()
    {
        const string tenant = "composition-deleted";
        const string Body = """{"name":"Deleted","requirements":[{"capability_code":"deleted-a"}]}""";
        await App.PostAsync("/api/capabilities", Sample.Manifest("deleted-a"), tenant);
        var path = (await App.PostAsync("/api/compositions", Body, tenant)).Headers.Location!.ToString();
        Assert.Equal(200, (await App.PostAsync($"{path}/lock", null, tenant)).Status);
        Assert.Equal(204, (await App.SendAsync(HttpMethod.Delete, path, tenant: tenant)).Status);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            Assert.Equal(404, (await App.SendAsync(method, path, tenant: tenant)).Status);
        }

        Assert.Equal(404, (await App.SendAsync(HttpMethod.Patch, path, "{}", tenant: tenant)).Status);
        Assert.Equal(404, (await App.GetAsync($"{path}/lock", tenant)).Status);
        var tombstone = Assert.Single((await App.GetAsync("/api/changes?types=composition.deleted", tenant)).Json.GetProperty("items").EnumerateArray());
        Assert.Equal((path.Split('/')[^1], true), (tombstone.GetProperty("composition_id").GetString(), tombstone.GetProperty("deleted").GetBoolean()));
        Assert.Equal(201, (await App.PostAsync("/api/compositions", Body, tenant)).Status);
    }

    [Fact]
    public async Task An_edit_is_held_to_the_rules_of_a_new_composition()
    {
        var path = (await App.PostAsync("/api/compositions", """{"name":"Ruled","requirements":[{"capability_code":"a"}]}""")).Headers.Location!.ToString();
        await App.PostAsync("/api/compositions", """{"name":"Ruled too","requirements":[{"capability_code":"a"}]}""");
        Assert.Equal((409, "DUPLICATE_RESOURCE"), await App.SendAsync(HttpMethod.Patch, path, """{"name":"Ruled too"}""") is var taken ? (taken.Status, taken.ErrorCode) : default);
        Assert.Equal(["/name", "/requirements"], (await App.SendAsync(HttpMethod.Patch, path, """{"name":" ","requirements":null}""")).ErrorPointers.Order(StringComparer.Ordinal));
        Assert.Equal(["/revision"], (await App.SendAsync(HttpMethod.Patch, path, """{"revision":7}""")).ErrorPointers);
        Assert.Equal(["/name"], (await App.SendAsync(HttpMethod.Put, path, """{"requirements":[{"capability_code":"a"}]}""")).ErrorPointers);
    }

    [Fact]
    public async Task A_composition_that_is_deleted_while_it_is_locked_leaves_no_failure()
    {
        await App.ImportAsync(Sample.Manifest("delete-race"));
        for (var round = 0; round < 5; round++)
        {
            var path = (await App.PostAsync("/api/compositions", $$"""{"name":"Delete race {{round}}","requirements":[{"capability_code":"delete-race"}]}""")).Headers.Location!.ToString();
            var answers = await Task.WhenAll(App.PostAsync($"{path}/lock", null), App.SendAsync(HttpMethod.Delete, path), App.SendAsync(HttpMethod.Patch, path, """{"description":"x"}"""));
            Assert.All(answers, a => Assert.True(a.Status is 200 or 204 or 404 or 409, a.Text));
        }
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once()
    {
        var answer = await App.PostAsync("/api/compositions", """{"name":" ","composition_type":"no token","requirements":[{"capability_code":"?","version_range":"?"}]}""");
        Assert.Equal(["/composition_type", "/name", "/requirements/0/capability_code", "/requirements/0/version_range"], answer.ErrorPointers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Eight_concurrent_first_locks_leave_one_lock_and_no_failure()
    {
        await App.ImportAsync(Sample.Manifest("lock-race"));
        var created = await App.PostAsync("/api/compositions", """{"name":"Lock race","requirements":[{"capability_code":"lock-race"}]}""");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => App.PostAsync($"{created.Headers.Location}/lock", null)));
        Assert.All(answers, a => Assert.True(a.Status is 200 or 409, a.Text));
        Assert.Contains(answers, a => a.Status == 200);
    }
}
