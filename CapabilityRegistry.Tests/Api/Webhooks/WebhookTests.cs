using System.Text;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Tests.Api.Contract;
using CapabilityRegistry.Tests.Api.Identity;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Webhooks;

public sealed class WebhookTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private const string Body = """{"url":"https://hooks.example.com/a","events":["version.*"],"description":"Mine"}""";

    private RegistryApp App => registry.App;

    [Fact]
    public async Task A_webhook_shows_its_secret_once_and_the_tables_do_not_hold_it()
    {
        var created = await App.PostAsync("/api/webhooks", Body, "once");
        Assert.Equal(201, created.Status);
        var secret = created.Json.GetProperty("secret").GetString()!;
        Assert.InRange(Convert.FromBase64String(secret["whsec_".Length..]).Length, 24, 64);
        var read = await App.GetAsync(created.Headers.Location!.ToString(), "once");
        Assert.Equal(created.Json.GetProperty("webhook").GetRawText(), read.Text);
        Assert.DoesNotContain("secret", read.Text, StringComparison.Ordinal);

        var hex = Convert.ToHexStringLower(Convert.FromBase64String(secret["whsec_".Length..]));
        Assert.Equal(0L, await Tables.ScalarAsync(registry, $"SELECT count(*) FROM webhooks w WHERE w::text LIKE '%{hex}%' OR w::text LIKE '%{secret}%'"));
        Assert.Equal(1L, await Tables.ScalarAsync(registry, "SELECT count(*) FROM events JOIN audit_entries a USING (change_id) WHERE event_type = 'webhook.created' AND a.tenant_id = 'once' AND a.resource_type = 'webhook'"));
    }

    [Fact]
    public async Task A_webhook_can_be_listed_replaced_patched_and_deleted()
    {
        var path = await CreateAsync("crud");
        var patched = await App.SendAsync(HttpMethod.Patch, path, """{"events":["*"],"description":null}""", tenant: "crud");
        Assert.Equal((200, "", "*"), (patched.Status, patched.Json.GetProperty("description").GetString(), patched.Json.GetProperty("events")[0].GetString()));
        var replaced = await App.SendAsync(HttpMethod.Put, path, """{"url":"https://hooks.example.com/b","events":["capability.deleted"],"enabled":false}""", tenant: "crud");
        Assert.Equal((200, "requested"), (replaced.Status, replaced.Json.GetProperty("disabled_reason").GetString()));
        Assert.Equal(409, (await App.PostAsync($"{path}/test", null, "crud")).Status);
        var enabled = await App.SendAsync(HttpMethod.Patch, path, """{"enabled":true}""", tenant: "crud");
        Assert.False(enabled.Json.TryGetProperty("disabled_reason", out _));
        Assert.Equal(1, (await App.GetAsync("/api/webhooks", "crud")).Json.GetProperty("total_count").GetInt32());

        var test = await App.PostAsync($"{path}/test", null, "crud");
        Assert.Equal(204, (await App.SendAsync(HttpMethod.Delete, path, tenant: "crud")).Status);
        foreach (var gone in new[] { path, $"{path}/deliveries", test.Headers.Location!.ToString() })
        {
            Assert.Equal(404, (await App.GetAsync(gone, "crud")).Status);
        }

        Assert.Equal(0, (await App.GetAsync("/api/webhooks", "crud")).Json.GetProperty("total_count").GetInt32());
        Assert.Equal(
            "webhook.created webhook.updated webhook.disabled webhook.enabled webhook.tested webhook.deleted",
            await Tables.ScalarAsync(registry, "SELECT string_agg(event_type, ' ' ORDER BY event_id) FROM events WHERE tenant_id = 'crud' AND webhook_id IS NOT NULL"));
    }

    [Theory]
    [InlineData("""{"url":"http://hooks.example.com/","events":["*"]}""", "/url")]
    [InlineData("""{"url":"https://127.0.0.1/","events":["*"]}""", "/url")]
    [InlineData("""{"url":"https://[::1]/","events":["*"]}""", "/url")]
    [InlineData("""{"url":"https://169.254.169.254/latest/meta-data","events":["*"]}""", "/url")]
    [InlineData("""{"url":"https://u:p@hooks.example.com/","events":["*"]}""", "/url")]
    [InlineData("""{"url":"https://hooks.example.com:22/","events":["*"]}""", "/url")]
    [InlineData("""{"url":"https://hooks.example.com/","events":[]}""", "/events")]
    [InlineData("""{"url":"https://hooks.example.com/","events":["*","*"]}""", "/events")]
    [InlineData("""{"url":"https://hooks.example.com/","events":["version.publishd"]}""", "/events/0")]
    [InlineData("""{"url":"https://hooks.example.com/"}""", "/events")]
    [InlineData("""{"url":"gopher://x","events":["nonsense","*"]}""", "/events/0", "/url")]
    public async Task Everything_wrong_with_a_webhook_is_said_at_once(string body, params string[] pointers)
    {
        var refused = await App.PostAsync("/api/webhooks", body, "wrong");
        Assert.Equal(400, refused.Status);
        Assert.Equal(pointers, refused.ErrorPointers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_unknown_event_type_is_answered_with_the_nearest_one_and_all_are_listed()
    {
        var refused = await App.PostAsync("/api/webhooks", """{"url":"https://hooks.example.com/","events":["version.publishd"]}""", "nearest");
        Assert.Contains("'version.published'", refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var types = (await App.GetAsync("/api/webhooks/events", "nearest")).Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("type").GetString()!).ToArray();
        Assert.Contains("version.published", types);
        Assert.Equal(201, (await App.PostAsync("/api/webhooks", $$"""{"url":"https://hooks.example.com/","events":["{{string.Join("\",\"", types)}}"]}""", "nearest")).Status);
    }

    [Fact]
    public async Task A_name_that_leads_inside_is_refused_where_it_is_known()
    {
        var hosts = new KnownHosts().Say("inside.example.com", "10.0.0.7").Say("outside.example.com", "93.184.216.34");
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, configure: builder => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<CapabilityRegistry.Data.Webhooks.IHostResolver>(builder.Services, hosts));
        foreach (var (host, status) in new[] { ("inside.example.com", 400), ("outside.example.com", 201), ("unknown.example.com", 201) })
        {
            Assert.Equal(status, (await app.PostAsync("/api/webhooks", $$"""{"url":"https://{{host}}/","events":["*"]}""", "names")).Status);
        }
    }

    [Fact]
    public async Task A_rotation_shows_the_new_secret_and_keeps_the_old_one_for_a_while_unless_it_is_told_not_to()
    {
        var path = await CreateAsync("rotated");
        var first = await App.PostAsync($"{path}/secret/rotate", null, "rotated");
        Assert.Equal(201, first.Status);
        Assert.StartsWith("whsec_", first.Json.GetProperty("secret").GetString(), StringComparison.Ordinal);
        Assert.Equal(first.Json.GetProperty("previous_secret_expires_at").GetString(), (await App.GetAsync(path, "rotated")).Json.GetProperty("previous_secret_expires_at").GetString());
        var second = await App.PostAsync($"{path}/secret/rotate?overlap_hours=0", null, "rotated");
        Assert.False(second.Json.TryGetProperty("previous_secret_expires_at", out _));
        Assert.Equal(1L, await Tables.ScalarAsync(registry, "SELECT count(*) FROM webhooks WHERE tenant_id = 'rotated' AND previous_secret IS NULL"));
        Assert.Equal(400, (await App.PostAsync($"{path}/secret/rotate?overlap_hours=721", null, "rotated")).Status);
    }

    [Fact]
    public async Task A_test_is_put_in_line_and_can_be_looked_at_listed_and_delivered_again()
    {
        var path = await CreateAsync("tested");
        var test = await App.PostAsync($"{path}/test", null, "tested");
        Assert.Equal((202, "pending", "webhook.test"), (test.Status, test.Json.GetProperty("state").GetString(), test.Json.GetProperty("event_type").GetString()));
        var delivery = test.Headers.Location!.ToString();
        Assert.Equal(test.Text, (await App.GetAsync(delivery, "tested")).Text);
        await Tables.ScalarAsync(registry, "UPDATE webhook_deliveries SET state = 'failed', tries = 10, attempts = 10, finished_at = now() WHERE tenant_id = 'tested'");
        Assert.Equal(1, await CountAsync($"{path}/deliveries?state=failed"));
        Assert.Equal(0, await CountAsync($"{path}/deliveries?state=pending"));

        var again = await App.PostAsync($"{delivery}/redeliver", null, "tested");
        Assert.Equal((202, "pending", test.Json.GetProperty("message_id").GetString()), (again.Status, again.Json.GetProperty("state").GetString(), again.Json.GetProperty("message_id").GetString()));
        Assert.Equal(1, await CountAsync($"{path}/deliveries?state=pending"));
        var refused = await App.GetAsync($"{path}/deliveries?state=faild", "tested");
        Assert.Equal(400, refused.Status);
        Assert.Contains("'failed'", refused.Text, StringComparison.Ordinal);

        async Task<int> CountAsync(string list) => (await App.GetAsync(list, "tested")).Json.GetProperty("total_count").GetInt32();
    }

    [Fact]
    public async Task Deliveries_are_listed_newest_first_and_a_cursor_goes_on_where_the_page_ended()
    {
        var path = await CreateAsync("paged");
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            made.Add((await App.PostAsync($"{path}/test", null, "paged")).Json.GetProperty("delivery_id").GetString()!);
        }

        var (seen, next) = (new List<string>(), $"{path}/deliveries?per_page=2");
        while (true)
        {
            var page = (await App.GetAsync(next, "paged")).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("delivery_id").GetString()!));
            if (!page.TryGetProperty("next_cursor", out var cursor))
            {
                break;
            }

            await App.PostAsync($"{path}/test", null, "paged");
            next = $"{path}/deliveries?cursor={cursor.GetString()}";
        }

        Assert.Equal(Enumerable.Reverse(made), seen);
    }

    [Fact]
    public async Task A_cursor_of_one_webhooks_deliveries_is_none_of_anothers()
    {
        var (one, other) = (await CreateAsync("cursors"), await CreateAsync("cursors"));
        await App.PostAsync($"{one}/test", null, "cursors");
        await App.PostAsync($"{one}/test", null, "cursors");
        var cursor = (await App.GetAsync($"{one}/deliveries?per_page=1", "cursors")).Json.GetProperty("next_cursor").GetString();
        Assert.Equal(400, (await App.GetAsync($"{other}/deliveries?cursor={cursor}", "cursors")).Status);
    }

    [Fact]
    public async Task A_tenant_has_so_many_webhooks_and_no_more_however_many_ask_at_once()
    {
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, settings: Settings.Of(("Webhooks:MaxPerTenant", "3")));
        await app.Tokens.OfAsync("full");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.PostAsync("/api/webhooks", Body, "full")));
        Assert.Equal(3, answers.Count(a => a.Status == 201));
        Assert.All(answers.Where(a => a.Status != 201), a => Assert.Equal((409, "PRECONDITION_FAILED"), (a.Status, a.ErrorCode)));
    }

    [Theory]
    [InlineData(Roles.CapabilityDeveloper, 200)]
    [InlineData(Roles.TenantAdmin, 200)]
    [InlineData(Roles.CompositionDesigner, 403)]
    [InlineData(Roles.Observer, 403)]
    [InlineData(Roles.RegistryAdmin, 403)]
    public async Task Webhooks_are_for_administrators_and_developers_of_the_tenant(string role, int status)
    {
        var token = await App.Tokens.OfAsync("roles", role);
        Assert.Equal(status, (await App.SendAsync(HttpMethod.Get, "/api/webhooks", headers: ("Authorization", $"Bearer {token}"))).Status);
    }

    [Fact]
    public async Task Without_the_feature_there_are_no_such_addresses()
    {
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, settings: Settings.Of(("Features:Webhooks", "false")));
        Assert.Equal(404, (await app.GetAsync("/api/webhooks", "off")).Status);
        Assert.DoesNotContain("/api/webhooks", Encoding.UTF8.GetString(await app.Http.GetByteArrayAsync("/openapi/v1.json", TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    private async Task<string> CreateAsync(string tenant)
    {
        var created = await App.PostAsync("/api/webhooks", Body, tenant);
        Assert.True(created.Status == 201, created.Text);
        return created.Headers.Location!.ToString();
    }
}
