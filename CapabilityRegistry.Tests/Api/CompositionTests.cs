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
