using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Contract;

/// <summary>RFC 9110, section 8.8.3 (entity tags) and 13.1.2 (If-None-Match), for every read of the OpenAPI document.</summary>
public sealed class EntityTagTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    public static TheoryData<string> TaggedReads => Operation.Ids(Operation.TaggedReads);

    public static TheoryData<string> WritesThatShowAResource => Operation.Ids(Operation.Writes.Where(o => (o.Statuses.Contains("200") && o.Id != "SyncMobile") || o.Id is "RegisterCapability" or "PublishVersion" or "CreateComposition"));

    [Theory]
    [MemberData(nameof(TaggedReads))]
    public async Task A_read_has_a_strong_tag_and_is_not_sent_again_to_who_has_it(string id)
    {
        var operation = Operation.Of(id);
        var tenant = await SeededTenant.CreateAsync(registry.App, $"tags-{id.ToLowerInvariant()}");
        var whole = operation.Parameters.Contains("per_page") ? "per_page=100" : "";
        var first = await tenant.AskAsync(operation, whole);
        Assert.Equal((200, "application/json"), (first.Status, first.ContentType));
        var tag = first.Headers.ETag!;
        Assert.False(tag.IsWeak);
        Assert.Equal(tag, (await tenant.AskAsync(operation, whole)).Headers.ETag);

        string[] matching = [tag.Tag, $"W/{tag.Tag}", "*", $"\"other\", {tag.Tag}", $"\"other\",W/{tag.Tag} , \"third\""];
        foreach (var condition in matching)
        {
            var again = await tenant.AskAsync(operation, whole, ("If-None-Match", condition));
            Assert.Equal((304, "", tag), (again.Status, again.Text, again.Headers.ETag));
        }

        string[] other = ["\"other\"", "W/\"other\"", tag.Tag.Trim('"'), "\"", ","];
        foreach (var condition in other)
        {
            var again = await tenant.AskAsync(operation, whole, ("If-None-Match", condition));
            Assert.True((again.Status, again.Text) == (200, first.Text), condition);
        }
    }

    [Fact]
    public void The_document_has_reads_with_tags_and_only_health_the_export_and_measurements_are_without()
    {
        Assert.True(Operation.TaggedReads.Count() >= 11);
        Assert.Equal(["ExportCatalogue", "GetDashboard", "GetHealth", "GetPerformance", "GetRegistryHealth"], Operation.All.Where(o => o.Method == HttpMethod.Get).Except(Operation.TaggedReads).Select(o => o.Id).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(WritesThatShowAResource))]
    public async Task A_write_answers_with_what_a_read_gives_and_with_its_tag(string id)
    {
        var operation = Operation.Of(id);
        var tenant = await SeededTenant.CreateAsync(registry.App, $"same-{id.ToLowerInvariant()}", operation);
        var written = await tenant.AskAsync(operation);
        Assert.True(written.Status is 200 or 201, written.Text);
        var path = written.Headers.Location?.ToString() ?? tenant.PathOf(operation);
        path = operation.Id is "LockComposition" || operation.Method != HttpMethod.Post || written.Headers.Location is not null ? path : path[..path.LastIndexOf('/')];
        var read = await tenant.GetAsync(path);
        Assert.Equal(read.Text, written.Text);
        Assert.Equal(read.Headers.ETag, written.Headers.ETag);
        Assert.NotNull(read.Headers.ETag);
    }

    [Fact]
    public async Task Times_that_callers_give_are_answered_as_they_are_kept()
    {
        var tenant = await SeededTenant.CreateAsync(registry.App, "precise");
        var written = await tenant.PostAsync("/api/capabilities/checkout/versions/1.0.0/deprecate", """{"sunset_at":"2099-01-01T00:00:00.1234567+02:00"}""");
        Assert.Equal((await tenant.GetAsync("/api/capabilities/checkout/versions/1.0.0")).Text, written.Text);
        var client = await tenant.PostAsync("/api/clients", """{"client_id":"precise","roles":["observer"],"secret_expires_at":"2099-01-01T00:00:00.1234567Z"}""");
        Assert.Equal((await tenant.GetAsync("/api/clients/precise")).Text, client.Json.GetProperty("client").GetRawText());
    }

    [Fact]
    public async Task A_tag_changes_with_every_write_of_what_it_stands_for()
    {
        var tenant = await SeededTenant.CreateAsync(registry.App, "changing");
        (string Path, Func<Task<Answer>> Write)[] writes =
        [
            ("/api/capabilities/checkout", () => tenant.PatchAsync("/api/capabilities/checkout", """{"description":"Another"}""")),
            ("/api/capabilities/checkout", () => tenant.PostAsync("/api/capabilities/checkout/versions", Sample.Manifest("checkout", "2.0.0"))),
            ("/api/capabilities/checkout", () => tenant.PostAsync("/api/capabilities/checkout/versions/2.0.0/yank", """{"reason":"Bad"}""")),
            ("/api/capabilities/checkout/versions/2.0.0", () => tenant.PostAsync("/api/capabilities/checkout/versions/2.0.0/restore", null)),
            ("/api/capabilities/checkout/versions", () => tenant.PostAsync("/api/capabilities/checkout/versions", Sample.Manifest("checkout", "3.0.0"))),
            ("/api/capabilities", () => tenant.PatchAsync("/api/capabilities/checkout", """{"description":"A third"}""")),
            ("/api/clients/seeded", () => tenant.PostAsync("/api/clients/seeded/secrets", "{}")),
            ("/api/tenants/changing", () => tenant.PatchAsync("/api/tenants/changing", """{"name":"Changed"}""")),
            ("/api/audit", () => tenant.PatchAsync("/api/tenants/changing", """{"name":"Changed again"}""")),
        ];
        foreach (var (path, write) in writes)
        {
            var before = (await tenant.GetAsync(path)).Headers.ETag!;
            Assert.True((await write()).Status is 200 or 201);
            var after = await tenant.GetAsync(path, ("If-None-Match", before.Tag));
            Assert.Equal(200, after.Status);
            Assert.NotEqual(before, after.Headers.ETag);
        }
    }

    /// <summary>Tags of compressed forms end with a hyphen and the coding; a plain one that does too by chance could never be matched.</summary>
    [Fact]
    public void No_plain_tag_can_be_taken_for_one_of_a_compressed_form() =>
        Assert.DoesNotContain(Enumerable.Range(0, 10_000), i => EntityTag.Of(BitConverter.GetBytes(i)).ToString().Contains((char)45));

    /// <summary>A cursor is encrypted, and never twice the same.</summary>
    [Fact]
    public async Task A_page_that_leads_on_has_a_weak_tag_that_is_the_same_while_its_rows_are()
    {
        var tenant = await SeededTenant.CreateAsync(registry.App, "leads-on");
        const string Path = "/api/audit?per_page=2";
        var first = await tenant.GetAsync(Path);
        Assert.True(first.Headers.ETag!.IsWeak);
        Assert.NotEqual(first.Text, (await tenant.GetAsync(Path)).Text);
        var again = await tenant.GetAsync(Path, ("If-None-Match", first.Headers.ETag.ToString()));
        Assert.Equal((304, "", first.Headers.ETag), (again.Status, again.Text, again.Headers.ETag));
        await tenant.PatchAsync("/api/tenants/leads-on", """{"name":"Changed"}""");
        Assert.Equal(200, (await tenant.GetAsync(Path, ("If-None-Match", first.Headers.ETag.ToString()))).Status);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_compressed_form_has_a_tag_of_its_own_that_is_accepted_back(string coding)
    {
        var tenant = await SeededTenant.CreateAsync(registry.App, $"compressed-{coding}");
        const string Path = "/api/capabilities/checkout";
        var plain = (await tenant.GetAsync(Path)).Headers.ETag!.Tag;
        var compressed = (await tenant.GetAsync(Path, ("Accept-Encoding", coding))).Headers.ETag!.Tag;
        Assert.Equal($"{plain[..^1]}-{coding}\"", compressed);

        foreach (var condition in new[] { compressed, $"W/{compressed}", $"\"x\", {compressed}" })
        {
            var again = await tenant.GetAsync(Path, ("Accept-Encoding", coding), ("If-None-Match", condition));
            Assert.Equal((304, "", compressed), (again.Status, again.Text, again.Headers.ETag?.Tag));
        }

        Assert.Equal(304, (await tenant.GetAsync(Path, ("Accept-Encoding", coding), ("If-None-Match", plain))).Status);
        Assert.Equal(304, (await tenant.GetAsync(Path, ("If-None-Match", compressed))).Status);
        Assert.Equal(200, (await tenant.PatchAsync(Path, """{"description":"Compressed"}""", ("If-Match", compressed))).Status);
        Assert.Equal(412, (await tenant.PatchAsync(Path, """{"description":"Again"}""", ("If-Match", compressed))).Status);
    }
}
