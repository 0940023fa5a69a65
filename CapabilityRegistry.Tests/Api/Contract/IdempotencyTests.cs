using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Contract;

/// <summary>A POST with an Idempotency-Key can be repeated: whatever happened to the answer, it is done once.</summary>
public sealed class IdempotencyTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private const string Header = "Idempotency-Key";

    private RegistryApp App => registry.App;

    [Theory]
    [InlineData("/api/capabilities", """{"capability_code":"once","version":"1.0.0"}""", "capability_versions")]
    [InlineData("/api/compositions", """{"name":"Once","requirements":[{"capability_code":"once"}]}""", "compositions")]
    [InlineData("/api/clients", """{"client_id":"once","roles":["observer"]}""", "api_clients")]
    public async Task Two_hundred_concurrent_repeats_are_done_once_and_answered_alike(string path, string body, string table)
    {
        var tenant = await SeededTenant.EmptyAsync(App, $"once-{table.Replace('_', '-')}");
        var before = await Tables.CountAsync(registry, table, tenant.TenantId);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => tenant.PostAsync(path, body, (Header, "k"))));
        Assert.All(answers, a => Assert.Equal(201, a.Status));
        Assert.Single(answers.Select(a => (a.Text, a.Headers.Location, a.Headers.ETag)).Distinct());
        Assert.Single(answers, a => !IsReplayed(a));
        Assert.Equal(before + 1, await Tables.CountAsync(registry, table, tenant.TenantId));
    }

    [Fact]
    public async Task A_process_that_has_just_started_takes_the_storm_too()
    {
        var database = registry.ConnectionString;
        await using var cold = await RegistryApp.StartAsync(database);
        var tenant = await SeededTenant.EmptyAsync(cold, "cold");
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => tenant.PostAsync("/api/capabilities", Sample.Manifest("cold"), (Header, "k"))));
        Assert.All(answers, a => Assert.True(a.Status == 201, a.Text));
    }

    [Theory]
    [InlineData("/api/capabilities", """{"capability_code":"other","version":"1.0.0"}""")]
    [InlineData("/api/capabilities", """{"capability_code":"same", "version":"1.0.0"}""")]
    [InlineData("/api/capabilities/same/versions", """{"capability_code":"same","version":"1.0.0"}""")]
    [InlineData("/api/compositions", """{"name":"same","requirements":[{"capability_code":"same"}]}""")]
    [InlineData("/api/capabilities/same/restore", null)]
    public async Task A_key_belongs_to_one_request(string path, string? body)
    {
        var tenant = await SeededTenant.EmptyAsync(App, $"key-{path.Length}-{body?.Length}");
        Assert.Equal(201, (await tenant.PostAsync("/api/capabilities", """{"capability_code":"same","version":"1.0.0"}""", (Header, "k"))).Status);
        var refused = await tenant.PostAsync(path, body, (Header, "k"));
        Assert.Equal((422, "VALIDATION_ERROR"), (refused.Status, refused.ErrorCode));
        Assert.True(IsReplayed(await tenant.PostAsync("/api/capabilities", """{"capability_code":"same","version":"1.0.0"}""", (Header, "k"))));
    }

    [Fact]
    public async Task Tenants_and_clients_have_keys_of_their_own()
    {
        var body = Sample.Manifest("own-keys");
        foreach (var tenant in new[] { "keys-one", "keys-two" })
        {
            var answer = await App.SendAsync(HttpMethod.Post, "/api/capabilities", body, tenant: tenant, headers: (Header, "k"));
            Assert.Equal((201, false), (answer.Status, IsReplayed(answer)));
        }

        var developer = $"Bearer {await App.Tokens.OfAsync("keys-one", Roles.CapabilityDeveloper)}";
        Assert.Equal(409, (await App.SendAsync(HttpMethod.Post, "/api/capabilities", body, headers: [(Header, "k"), ("Authorization", developer)])).Status);
    }

    [Fact]
    public async Task Refusals_are_not_kept()
    {
        var tenant = await SeededTenant.EmptyAsync(App, "refusals");
        await tenant.PostAsync("/api/capabilities", Sample.Manifest("taken"));
        (string Path, string Body, int Status)[] refusals =
        [
            ("/api/capabilities", Sample.Manifest("taken"), 409),
            ("/api/capabilities", "{}", 400),
            ("/api/compositions", """{"name":"x"}""", 400),
            ("/api/capabilities/none/versions", Sample.Manifest("none"), 404),
        ];
        foreach (var (path, body, status) in refusals)
        {
            var refused = await tenant.PostAsync(path, body, (Header, "r"));
            Assert.Equal((status, false), (refused.Status, IsReplayed(refused)));
        }

        Assert.Equal(412, (await tenant.PostAsync("/api/capabilities/taken/versions/1.0.0/yank", """{"reason":"x"}""", (Header, "r"), ("If-Match", "\"x\""))).Status);
        Assert.Equal(0, await Tables.CountAsync(registry, "idempotent_answers", "refusals"));
        Assert.Equal(201, (await tenant.PostAsync("/api/capabilities", Sample.Manifest("free"), (Header, "r"))).Status);
    }

    [Fact]
    public async Task A_rehearsal_keeps_no_answer_and_gets_none()
    {
        var tenant = await SeededTenant.EmptyAsync(App, "rehearsed");
        var body = Sample.Manifest("rehearsed");
        Assert.Equal(201, (await tenant.PostAsync("/api/capabilities?dry_run=true", body, (Header, "k"))).Status);
        Assert.Equal(0, await Tables.CountAsync(registry, "idempotent_answers", "rehearsed"));
        Assert.False(IsReplayed(await tenant.PostAsync("/api/capabilities", body, (Header, "k"))));
        Assert.Equal(409, (await tenant.PostAsync("/api/capabilities?dry_run=true", body, (Header, "k"))).Status);
    }

    /// <summary>An import is repeatable by nature: what is there is unchanged. Its answer is a stream and nowhere kept.</summary>
    [Fact]
    public async Task An_import_ignores_keys()
    {
        var tenant = await SeededTenant.EmptyAsync(App, "import-keys");
        foreach (var outcome in new[] { "created", "unchanged" })
        {
            var answer = await tenant.SendAsync(HttpMethod.Post, "/api/capabilities/import", Sample.Manifest("import-keys"), "application/x-ndjson", (Header, "k"));
            Assert.Contains($"\"status\":\"{outcome}\"", answer.Text, StringComparison.Ordinal);
            Assert.False(IsReplayed(answer));
        }

        Assert.Equal(0, await Tables.CountAsync(registry, "idempotent_answers", "import-keys"));
    }

    [Fact]
    public async Task Answers_outlive_the_process()
    {
        var tenant = await SeededTenant.EmptyAsync(App, "restart");
        var first = await tenant.PostAsync("/api/clients", """{"client_id":"kept","roles":["observer"]}""", (Header, "k"));
        await using var next = await RegistryApp.StartAsync(registry.ConnectionString);
        var again = await (await SeededTenant.EmptyAsync(next, "restart")).PostAsync("/api/clients", """{"client_id":"kept","roles":["observer"]}""", (Header, "k"));
        Assert.Equal((201, first.Text, true), (again.Status, again.Text, IsReplayed(again)));
        Assert.Equal(first.Headers.Location?.ToString(), again.Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_key_is_any_visible_ascii_and_anything_else_is_refused()
    {
        var tenant = await SeededTenant.EmptyAsync(App, "forms");
        foreach (var key in new[] { "a", new string('x', 255), "\"quoted\"", "01a20e4b-fdd2-7c4f-a3dd-e352a7474776" })
        {
            Assert.Equal(201, (await tenant.PostAsync("/api/capabilities", Sample.Manifest($"form-{key.Length}"), (Header, key))).Status);
        }

        foreach (var key in new[] { "", new string('x', 256), "two words" })
        {
            var refused = await tenant.PostAsync("/api/capabilities", Sample.Manifest("refused"), (Header, key));
            Assert.Equal((400, "invalid_idempotency_key"), (refused.Status, refused.Json.GetProperty("errors")[0].GetProperty("code").GetString()));
        }

        Assert.Equal(400, (await tenant.PostAsync("/api/capabilities", Sample.Manifest("refused"), (Header, "a"), (Header, "b"))).Status);
    }

    [Fact]
    public async Task Only_posts_that_write_look_at_keys()
    {
        var tenant = await SeededTenant.CreateAsync(App, "no-keys");
        foreach (var description in new[] { "one", "two" })
        {
            Assert.Contains(description, (await tenant.PatchAsync("/api/capabilities/checkout", $$"""{"description":"{{description}}"}""", (Header, "k"))).Text, StringComparison.Ordinal);
        }

        Assert.Equal(200, (await tenant.PostAsync("/api/dependencies/resolve", Sample.Resolve("checkout"), (Header, "k"))).Status);
        Assert.Equal(0, await Tables.CountAsync(registry, "idempotent_answers", "no-keys"));
    }

    [Theory]
    [InlineData("RegisterCapability")]
    [InlineData("CreateTenant")]
    [InlineData("LockComposition")]
    [InlineData("CreateSecret")]
    [InlineData("RestoreVersion")]
    public async Task A_repeat_gets_status_place_tag_and_body_of_the_first_also_in_an_envelope(string id)
    {
        var operation = Operation.Of(id);
        var tenant = await SeededTenant.CreateAsync(App, $"replay-{id.ToLowerInvariant()}", operation);
        var first = await tenant.AskAsync(operation, "", (Header, "k"));
        var again = await tenant.AskAsync(operation, "", (Header, "k"));
        Assert.Equal((first.Status, first.Text, first.Headers.Location, first.Headers.ETag, true), (again.Status, again.Text, again.Headers.Location, again.Headers.ETag, IsReplayed(again)));
        var wrapped = await tenant.AskAsync(operation, "", (Header, "k"), ("X-API-Version", "1.0"));
        Assert.Equal((first.Status, first.Text, first.Headers.Location, true), (wrapped.Status, wrapped.Json.GetProperty("data").GetRawText(), wrapped.Headers.Location, IsReplayed(wrapped)));
    }

    private static bool IsReplayed(Answer answer) => answer.Headers.TryGetValues("Idempotency-Replayed", out var values) && values.Single() == "true";
}
