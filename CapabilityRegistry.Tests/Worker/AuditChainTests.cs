using System.Text.Json;
using CapabilityRegistry.Data.Audit;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Tests.Api.Contract;
using CapabilityRegistry.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CapabilityRegistry.Tests.Worker;

/// <summary>The audit chain against whoever has the database's superuser.</summary>
public sealed class AuditChainTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private const long Writes = 6;

    private RegistryApp App => registry.App;

    [Theory]
    [InlineData("actor = actor || 'x'", "altered")]
    [InlineData("occurred_at = occurred_at + interval '1 microsecond'", "altered")]
    [InlineData("actor_address = '10.0.0.1'", "altered")]
    [InlineData("actor_address = NULL", "altered")]
    [InlineData("action = 'capability.updated'", "altered")]
    [InlineData("resource_type = 'capability'", "altered")]
    [InlineData("resource_id = resource_id || ' '", "altered")]
    [InlineData("before_hash = after_hash", "altered")]
    [InlineData("after_hash = NULL", "altered")]
    [InlineData("request_id = ''", "altered")]
    [InlineData("change_id = gen_random_uuid()", "altered")]
    [InlineData("tenant_id = 'elsewhere'", "missing")]
    public async Task An_altered_field_is_named(string change, string kind)
    {
        var tenant = await LinkedAsync($"field-{Math.Abs(string.GetHashCode(change, StringComparison.Ordinal))}");
        var auditId = await EntryAsync(tenant, 3);
        await SqlAsync($"UPDATE audit_entries SET {change} WHERE audit_id = {auditId}");
        Assert.Equal((kind, 3L, auditId), await FaultAsync(tenant));
        Assert.Equal(3, (await VerifyAsync(tenant)).GetProperty("verified").GetInt64());
    }

    [Fact]
    public async Task A_deleted_entry_is_named()
    {
        var tenant = await LinkedAsync("deleted");
        var auditId = await EntryAsync(tenant, 4);
        await SqlAsync($"DELETE FROM audit_entries WHERE audit_id = {auditId}");
        Assert.Equal(("missing", 4L, auditId), await FaultAsync(tenant));
    }

    [Fact]
    public async Task An_inserted_entry_is_named_and_one_that_waits_for_its_link_is_not()
    {
        var tenant = await LinkedAsync("inserted");
        Assert.Equal(201, (await App.PostAsync("/api/capabilities", Sample.Manifest("waiting"), tenant)).Status);
        var waiting = await VerifyAsync(tenant);
        Assert.Equal((true, 1L), (waiting.GetProperty("valid").GetBoolean(), waiting.GetProperty("head").GetProperty("pending").GetInt64()));

        var inserted = (long)(await SqlAsync(
            $"""
            INSERT INTO audit_entries (tenant_id, change_id, occurred_at, actor, action, resource_type, resource_id)
            SELECT tenant_id, gen_random_uuid(), occurred_at, actor, action, resource_type, resource_id FROM audit_entries WHERE tenant_id = '{tenant}' ORDER BY audit_id LIMIT 1 RETURNING audit_id
            """))!;
        Assert.Equal(("inserted", -1L, inserted), await FaultAsync(tenant));
    }

    [Fact]
    public async Task Entries_that_changed_places_are_named()
    {
        var tenant = await LinkedAsync("swapped");
        var (one, other) = (await EntryAsync(tenant, 2), await EntryAsync(tenant, 5));
        await SqlAsync(
            $"""
            WITH taken AS (DELETE FROM audit_entries WHERE audit_id IN ({one}, {other}) RETURNING *)
            INSERT INTO audit_entries (audit_id, tenant_id, change_id, occurred_at, actor, actor_address, action, resource_type, resource_id, before_hash, after_hash, request_id) OVERRIDING SYSTEM VALUE
            SELECT CASE audit_id WHEN {one} THEN -{other} ELSE -{one} END, tenant_id, change_id, occurred_at, actor, actor_address, action, resource_type, resource_id, before_hash, after_hash, request_id FROM taken
            """);
        Assert.Equal(("reordered", 2L, -other), await FaultAsync(tenant));
    }

    [Theory]
    [InlineData("entry_hash = link_hash")]
    [InlineData("link_hash = entry_hash")]
    [InlineData("position = position + 1000000")]
    [InlineData("position = -1")]
    [InlineData("audit_id = audit_id + 1000000")]
    [InlineData("audit_id = NULL")]
    [InlineData("change_id = gen_random_uuid()")]
    [InlineData("ordinal = 1000000")]
    public async Task A_link_that_was_tampered_with_is_named(string change)
    {
        var tenant = await LinkedAsync($"link-{Math.Abs(string.GetHashCode(change, StringComparison.Ordinal))}");
        await SqlAsync($"UPDATE audit_links SET {change} WHERE tenant_id = '{tenant}' AND ordinal = 3");
        Assert.Equal(3, (await FaultAsync(tenant)).Ordinal);
    }

    [Fact]
    public async Task An_entry_that_is_altered_together_with_its_link_breaks_the_next_one()
    {
        var tenant = await LinkedAsync("recomputed");
        await SqlAsync($"DELETE FROM audit_entries WHERE audit_id = {await EntryAsync(tenant, 3)}");
        await SqlAsync($"CREATE TABLE kept AS SELECT * FROM audit_links WHERE tenant_id = '{tenant}' AND ordinal > 3");
        await SqlAsync($"DELETE FROM audit_links WHERE tenant_id = '{tenant}' AND ordinal >= 3");
        await LinkAsync(through: (long)(await SqlAsync("SELECT min(position) - 1 FROM kept"))!);
        await SqlAsync("INSERT INTO audit_links SELECT * FROM kept");
        await SqlAsync("DROP TABLE kept");
        Assert.Equal(("broken_link", 4L), await FaultAsync(tenant) is var fault ? (fault.Kind, fault.Ordinal) : default);
    }

    [Fact]
    public async Task A_chain_that_was_rewritten_to_its_end_is_found_with_a_head_that_was_noted_before()
    {
        var tenant = await LinkedAsync("rewritten");
        var noted = await AnchorAsync(tenant);
        await SqlAsync($"DELETE FROM audit_entries WHERE audit_id = {await EntryAsync(tenant, 3)}");
        await SqlAsync($"DELETE FROM audit_links WHERE tenant_id = '{tenant}' AND ordinal >= 3");
        await LinkAsync();
        Assert.True((await VerifyAsync(tenant)).GetProperty("valid").GetBoolean());
        Assert.Equal(("broken_link", Writes), await FaultAsync(tenant, $"?head={noted}") is var fault ? (fault.Kind, fault.Ordinal) : default);
    }

    [Fact]
    public async Task A_tail_that_was_cut_off_is_found_with_a_head_that_was_noted_before()
    {
        var tenant = await LinkedAsync("cut");
        var noted = await AnchorAsync(tenant);
        await SqlAsync($"DELETE FROM audit_entries WHERE change_id IN (SELECT change_id FROM audit_links WHERE tenant_id = '{tenant}' AND ordinal > 4)");
        await SqlAsync($"DELETE FROM events WHERE change_id IN (SELECT change_id FROM audit_links WHERE tenant_id = '{tenant}' AND ordinal > 4)");
        await SqlAsync($"DELETE FROM audit_links WHERE tenant_id = '{tenant}' AND ordinal > 4");
        Assert.True((await VerifyAsync(tenant)).GetProperty("valid").GetBoolean());
        Assert.Equal(("missing", 5L), await FaultAsync(tenant, $"?head={noted}") is var fault ? (fault.Kind, fault.Ordinal) : default);
    }

    [Fact]
    public async Task What_was_there_before_the_chain_is_sealed_with_it()
    {
        var tenant = await LinkedAsync("sealed");
        var auditId = (long)(await SqlAsync($"SELECT min(audit_id) FROM audit_entries WHERE tenant_id = '{tenant}'"))!;
        Assert.Equal(auditId, await EntryAsync(tenant, 0));
        await SqlAsync($"UPDATE audit_entries SET actor = 'somebody' WHERE audit_id = {auditId}");
        Assert.Equal(("altered", 0L, auditId), await FaultAsync(tenant));
    }

    [Fact]
    public async Task An_event_without_an_entry_is_linked_as_such_and_an_entry_that_appears_later_is_named()
    {
        var tenant = await LinkedAsync("entryless");
        await SqlAsync($"INSERT INTO events (tenant_id, event_type, occurred_at, actor, change_id) VALUES ('{tenant}', 'capability.updated', now(), 'x', '0192f0c1-2b3c-7d4e-8f50-617283940a1b')");
        await LinkAsync();
        Assert.Equal(Writes + 2, (await VerifyAsync(tenant)).GetProperty("verified").GetInt64());
        await SqlAsync($"INSERT INTO audit_entries (tenant_id, change_id, occurred_at, actor, action, resource_type, resource_id) VALUES ('{tenant}', '0192f0c1-2b3c-7d4e-8f50-617283940a1b', now(), 'x', 'y', 'z', '')");
        Assert.Equal(("inserted", Writes + 1), await FaultAsync(tenant) is var fault ? (fault.Kind, fault.Ordinal) : default);
    }

    [Fact]
    public async Task A_range_is_verified_by_itself()
    {
        var tenant = await LinkedAsync("ranged");
        await SqlAsync($"UPDATE audit_entries SET actor = 'somebody' WHERE audit_id = {await EntryAsync(tenant, 5)}");
        var early = await VerifyAsync(tenant, "?from=1&to=4");
        Assert.Equal((true, 4L, 1L, 4L), (early.GetProperty("valid").GetBoolean(), early.GetProperty("verified").GetInt64(), early.GetProperty("from").GetInt64(), early.GetProperty("to").GetInt64()));
        Assert.Equal(5, (await FaultAsync(tenant, "?from=3")).Ordinal);
    }

    [Theory]
    [InlineData("?from=-1", "?from")]
    [InlineData("?from=3&to=2", "?to")]
    [InlineData("?head=3", "?head")]
    [InlineData("?head=3:abc", "?head")]
    public async Task A_wrong_range_is_refused(string query, string pointer)
    {
        var answer = await App.GetAsync($"/api/audit/verify{query}");
        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.ErrorPointers);
    }

    [Fact]
    public async Task Linking_again_changes_nothing()
    {
        var tenant = await LinkedAsync("again");
        var before = await AnchorAsync(tenant);
        await Task.WhenAll(LinkAsync(), LinkAsync(), LinkAsync());
        Assert.Equal(before, await AnchorAsync(tenant));
    }

    [Fact]
    public async Task Eight_writers_and_two_workers_make_one_chain_without_a_gap()
    {
        await using var first = await RegistryApp.StartAsync(registry.ConnectionString, withWorker: true);
        await using var second = await RegistryApp.StartAsync(registry.ConnectionString, withWorker: true);
        const string tenant = "chain-writers";
        await first.Tokens.OfAsync(tenant);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var i = 0; i < 10; i++)
            {
                // Every other transaction is rolled back.
                var answer = await (i % 4 < 2 ? first : second).PostAsync($"/api/capabilities?dry_run={(i % 2 == 0 ? "false" : "true")}", Sample.Manifest($"w{writer}-{i}"), tenant);
                Assert.Equal(201, answer.Status);
            }
        }));
        var head = await first.Services.GetRequiredService<Sequencer>().RunAsync(TestContext.Current.CancellationToken);
        for (var look = 0; (await first.GetAsync("/api/audit/head", tenant)).Json.GetProperty("linked_through").GetInt64() < head; look++)
        {
            Assert.True(look < 6_000, "The chain does not come to the head.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        var whole = (await first.GetAsync("/api/audit/verify", tenant)).Json;
        Assert.Equal((true, 41L, 0L), (whole.GetProperty("valid").GetBoolean(), whole.GetProperty("verified").GetInt64(), whole.GetProperty("head").GetProperty("pending").GetInt64()));

        // Without a noted head a tail that is cut off is found as long as its events are kept.
        await SqlAsync($"DELETE FROM audit_links WHERE tenant_id = '{tenant}' AND ordinal > 38");
        Assert.Equal(39, (await FaultAsync(tenant)).Ordinal);
    }

    private async Task<string> LinkedAsync(string name)
    {
        var tenant = $"chain-{name}";
        for (var i = 0; i < Writes; i++)
        {
            Assert.Equal(201, (await App.PostAsync("/api/capabilities", Sample.Manifest($"linked-{i}"), tenant)).Status);
        }

        await LinkAsync();
        var whole = await VerifyAsync(tenant);
        Assert.True(whole.GetProperty("valid").GetBoolean(), whole.GetRawText());
        Assert.Equal(Writes + 1, whole.GetProperty("verified").GetInt64());
        return tenant;
    }

    /// <summary>What the relay does, without waiting for it.</summary>
    private async Task LinkAsync(long through = long.MaxValue)
    {
        await App.Services.GetRequiredService<Sequencer>().RunAsync(TestContext.Current.CancellationToken);
        await using var connection = await App.Services.GetRequiredService<SystemDatabase>().OpenAsync(TestContext.Current.CancellationToken);
        var events = await EventReader.ReadAsync(connection, 0, int.MaxValue, TestContext.Current.CancellationToken);
        await App.Services.GetRequiredService<AuditChain>().AppendAsync([.. events.Where(e => e.Position <= through)], TestContext.Current.CancellationToken);
    }

    private async Task<JsonElement> VerifyAsync(string tenant, string query = "")
    {
        var answer = await App.GetAsync($"/api/audit/verify{query}", tenant);
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json;
    }

    /// <summary>The first fault; -1 for what it does not say.</summary>
    private async Task<(string? Kind, long Ordinal, long AuditId)> FaultAsync(string tenant, string query = "")
    {
        var report = await VerifyAsync(tenant, query);
        Assert.False(report.GetProperty("valid").GetBoolean(), report.GetRawText());
        var fault = report.GetProperty("first_fault");
        return (fault.GetProperty("kind").GetString(), Number("ordinal"), Number("audit_id"));

        long Number(string name) => fault.TryGetProperty(name, out var number) ? number.GetInt64() : -1;
    }

    private async Task<string?> AnchorAsync(string tenant) => (await App.GetAsync("/api/audit/head", tenant)).Json.GetProperty("anchor").GetString();

    private async Task<long> EntryAsync(string tenant, long ordinal) => (long)(await SqlAsync($"SELECT audit_id FROM audit_links WHERE tenant_id = '{tenant}' AND ordinal = {ordinal}"))!;

    private Task<object?> SqlAsync(string sql) => Tables.ScalarAsync(registry, sql);
}
