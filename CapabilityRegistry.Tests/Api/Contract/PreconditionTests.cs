using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Contract;

/// <summary>RFC 9110, section 13.1.1: If-Match on everything that changes a resource.</summary>
public sealed class PreconditionTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    /// <summary>The actions of a synchronisation have preconditions of their own.</summary>
    public static TheoryData<string> Changes => Operation.Ids(Operation.Writes.Where(o => !o.IsCreating && o.Id is not ("RestoreCapability" or "SyncMobile")));

    public static TheoryData<string> Creations => Operation.Ids(Operation.Writes.Where(o => o.IsCreating));

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_change_is_made_only_to_the_state_that_it_was_thought_for(string id)
    {
        var operation = Operation.Of(id);
        var tenant = await SeededTenant.CreateAsync(registry.App, $"match-{id.ToLowerInvariant()}");
        Assert.Contains("If-Match", operation.Parameters);
        var read = ReadOf(operation, tenant);
        var before = await tenant.GetAsync(read);
        var tag = before.Headers.ETag!.Tag;
        foreach (var condition in new[] { "\"other\"", $"W/{tag}", $"\"other\", W/{tag}", tag.Trim('"'), "garbage", "\"", "" })
        {
            var refused = await tenant.AskAsync(operation, "", ("If-Match", condition));
            Assert.True((refused.Status, refused.ErrorCode) == (412, "PRECONDITION_FAILED"), $"{condition}: {refused.Text}");
        }

        Assert.Equal(before.Text, (await tenant.GetAsync(read)).Text);
        Assert.Equal(412, (await tenant.AskAsync(operation, "dry_run=true", ("If-Match", "\"other\""))).Status);
        Assert.True((await tenant.AskAsync(operation, "dry_run=true", ("If-Match", "*"))).Status < 300);
        var done = await tenant.AskAsync(operation, "", ("If-Match", $"\"other\", {tag}"));
        Assert.True(done.Status is 200 or 202 or 204, done.Text);
    }

    [Fact]
    public async Task A_restored_capability_takes_any_state_or_none()
    {
        var tenant = await SeededTenant.CreateAsync(registry.App, "restored");
        Assert.Equal(412, (await tenant.PostAsync("/api/capabilities/gone/restore", null, ("If-Match", "\"other\""))).Status);
        Assert.Equal(200, (await tenant.PostAsync("/api/capabilities/gone/restore", null, ("If-Match", "*"))).Status);
    }

    [Fact]
    public async Task A_first_lock_has_nothing_to_match()
    {
        var tenant = await SeededTenant.CreateAsync(registry.App, "first-lock");
        var created = await tenant.PostAsync("/api/compositions", """{"name":"Unlocked","requirements":[{"capability_code":"payments"}]}""");
        Assert.Equal(412, (await tenant.PostAsync($"{created.Headers.Location}/lock", null, ("If-Match", "*"))).Status);
        Assert.Equal(404, (await tenant.GetAsync($"{created.Headers.Location}/lock")).Status);
    }

    [Theory]
    [MemberData(nameof(Creations))]
    public async Task A_precondition_of_what_does_not_exist_yet_is_refused_and_nothing_is_made(string id)
    {
        var operation = Operation.Of(id);
        var tenant = await SeededTenant.CreateAsync(registry.App, $"create-{id.ToLowerInvariant()}", operation);
        foreach (var query in new[] { "", "dry_run=true" })
        {
            var refused = await tenant.AskAsync(operation, query, ("If-Match", "*"));
            Assert.Equal((400, "VALIDATION_ERROR", "invalid_precondition"), (refused.Status, refused.ErrorCode, refused.Json.GetProperty("errors")[0].GetProperty("code").GetString()));
            Assert.Contains("If-Match", refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(201, (await tenant.AskAsync(operation, "dry_run=true")).Status);
    }

    [Theory]
    [InlineData("PatchCapability")]
    [InlineData("ReplaceCapability")]
    [InlineData("YankVersion")]
    [InlineData("PatchClient")]
    [InlineData("PatchTenant")]
    [InlineData("LockComposition")]
    public async Task Of_concurrent_changes_with_the_same_tag_exactly_one_is_made(string id)
    {
        var operation = Operation.Of(id);
        var tenant = await SeededTenant.CreateAsync(registry.App, $"race-{id.ToLowerInvariant()}");
        for (var round = 0; round < 10; round++)
        {
            var tag = (await tenant.GetAsync(ReadOf(operation, tenant))).Headers.ETag!.Tag;
            if (id == "LockComposition")
            {
                // A lock of the same catalogue is the same lock.
                await tenant.PostAsync("/api/capabilities/payments/versions", Sample.Manifest("payments", $"3.{round + 1}.0"));
            }

            var body = operation.Example is null ? "null" : operation.Example.Replace("\"Loses orders", $"\"{round} loses orders", StringComparison.Ordinal);
            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => tenant.SendAsync(operation.Method, tenant.PathOf(operation), operation.Example is null ? null : body, headers: ("If-Match", tag))));
            Assert.Single(answers, a => a.Status == 200);
            Assert.Equal(5, answers.Count(a => (a.Status, a.ErrorCode) == (412, "PRECONDITION_FAILED")));
        }
    }

    /// <summary>The address of what an operation changes.</summary>
    private static string ReadOf(Operation operation, SeededTenant tenant)
    {
        var path = tenant.PathOf(operation).Split('?')[0];
        return operation.Id switch
        {
            "LockComposition" => path,
            "RevokeSecret" => "/api/clients/seeded",
            _ when operation.Method == HttpMethod.Post => path[..path.LastIndexOf('/')],
            _ => path,
        };
    }
}
