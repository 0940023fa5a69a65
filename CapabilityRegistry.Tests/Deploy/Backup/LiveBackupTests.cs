using System.Globalization;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CapabilityRegistry.Tests.Deploy.Backup;

/// <summary>A registry that is written to is backed up, its database and roles are destroyed, and the backup has to bring back everything that was acknowledged before it began.</summary>
public sealed class LiveBackupTests(BackupServer server) : IClassFixture<BackupServer>
{
    private const string Database = "registry";

    /// <summary>Who owns and may do what: of tables, functions, policies and the database itself.</summary>
    private const string Rights =
        """
        SELECT concat_ws(' ', 'table', relname, relkind, relowner::regrole, relrowsecurity, relacl) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S', 'i')
        UNION ALL SELECT concat_ws(' ', 'function', p.oid::regprocedure, proowner::regrole, prosecdef, proconfig, proacl) FROM pg_proc p
            WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        UNION ALL SELECT concat_ws(' ', 'policy', tablename, policyname, roles, cmd, qual, with_check) FROM pg_policies
        UNION ALL SELECT concat_ws(' ', 'schema', nspname, nspacl) FROM pg_namespace WHERE nspname = 'public'
        UNION ALL SELECT concat_ws(' ', 'database', datdba::regrole, pg_encoding_to_char(encoding), datcollate, datctype) FROM pg_database WHERE datname = current_database()
        UNION ALL SELECT concat_ws(' ', 'extension', extname) FROM pg_extension ORDER BY 1
        """;

    private static readonly Dictionary<string, string?> Settings = new(StringComparer.Ordinal) { ["Webhooks:AllowedNetworks:0"] = "127.0.0.0/8", ["Webhooks:AllowedHosts:0"] = "127.0.0.1" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_before_a_backup_began_is_there_after_the_database_was_destroyed()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var before = await LiveAsync(receiver);
        await DestroyAsync();
        await RestoreAsync(before);

        Assert.Equal(before.Rights, await server.RowsAsync(Database, Rights));
        await AssertSequenceAsync(before);
        await using var app = await RegistryApp.StartAsync(server.Login, withWorker: true, Settings);
        await AssertAnsweredAsync(app, before);
        await AssertChainsAsync(app, before);
        await AssertTenantsAreApartAsync(app);
        await AssertWebhookSignsAsync(app, receiver, before.WebhookSecret);
    }

    private async Task<Noted> LiveAsync(WebhookReceiver receiver)
    {
        await using var app = await RegistryApp.StartAsync(server.Login, withWorker: true, Settings);
        var webhook = await app.PostAsync("/api/webhooks", $$"""{"url":"{{receiver.Url}}/restored","events":["capability.deleted"]}""");
        Assert.Equal(201, webhook.Status);
        await using var writers = new LiveWriters(app);
        await writers.AdvanceAsync(90);
        await LinkedAsync(app);
        var noted = new Noted(
            await server.RowsAsync(Database, Rights), writers.Acknowledged, await HeadsAsync(app), await PositionsAsync(), await ReadsAsync(app, writers.Acknowledged), webhook.Json.GetProperty("secret").GetString()!);
        noted.File = await server.BackupAsync(Database, server.NewFolder());
        var during = writers.Acknowledged.Count - noted.Acknowledged.Count;
        Assert.True(during > 0, "Nothing was written while the backup was made.");
        await writers.AdvanceAsync(60);
        await writers.StopAsync();
        noted.Last = writers.Acknowledged.Max(w => w.Position);
        TestContext.Current.SendDiagnosticMessage($"{noted.Acknowledged.Count} writes before the backup, {during} while it was made, {writers.Acknowledged.Count} in all.");
        return noted;
    }

    private async Task DestroyAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await server.ExecuteAsync("postgres", $"DROP DATABASE {Database} WITH (FORCE)");
        await server.ExecuteAsync("postgres", $"DROP ROLE {DatabaseRoles.Application}, {DatabaseRoles.System}, registry");
    }

    /// <summary>With the worker's role <c>migrate</c>, which makes the login again.</summary>
    private async Task RestoreAsync(Noted before)
    {
        var environment = server.Environment;
        environment["ConnectionStrings__registry"] = server.Login;
        environment["ConnectionStrings__registry-owner"] = server.Owner;
        environment["DOTNET_ENVIRONMENT"] = "Development";
        environment["DOTNET_ROOT"] = Path.GetDirectoryName(System.Environment.ProcessPath)!;
        var worker = Path.Combine(AppContext.BaseDirectory, "CapabilityRegistry.Worker.dll");
        var result = await Tool.RunScriptAsync("restore", environment, "--database", Database, "--migrate", $"'{System.Environment.ProcessPath}' '{worker}' migrate", before.File);
        Tool.Succeeded(result);
        Assert.Contains("run the worker's role migrate", result.Output, StringComparison.Ordinal);
    }

    /// <summary>The positions that were given stay those of the same events, without a gap, and no consumer is ahead of the head.</summary>
    private async Task AssertSequenceAsync(Noted before)
    {
        var after = await PositionsAsync();
        Assert.Equal(before.Positions, after.Take(before.Positions.Length));
        Assert.Equal(Enumerable.Range(1, after.Length).Select(n => (long)n), after.Select(e => long.Parse(e.Split(' ')[0], CultureInfo.InvariantCulture)));
        Assert.Equal(["0"], await server.RowsAsync(Database, "SELECT count(*) FROM event_consumers c, sequence_head h WHERE c.position > h.position"));
        Assert.Equal(["0"], await server.RowsAsync(Database, $"SELECT count(*) FROM sequence_head WHERE position > {after.Length}"));
        var there = (await server.RowsAsync(Database, "SELECT tenant_id || ' ' || resource_id FROM audit_entries")).ToHashSet(StringComparer.Ordinal);
        Assert.All(before.Acknowledged, write => Assert.True(there.Contains($"{write.Tenant} {write.Code}@1.0.0") || there.Contains($"{write.Tenant} {write.Code}"), $"{write} has no audit entry."));
    }

    /// <summary>By the API: the feed has each once, and each reads as it did. What a client knows from after the backup is refused instead of being answered wrongly.</summary>
    private static async Task AssertAnsweredAsync(RegistryApp app, Noted before)
    {
        foreach (var tenant in LiveWriters.Tenants)
        {
            var published = await FeedAsync(app, tenant);
            Assert.Equal(published.Count, published.Distinct(StringComparer.Ordinal).Count());
            Assert.Superset(before.Acknowledged.Where(w => w.Tenant == tenant).Select(w => w.Code).ToHashSet(StringComparer.Ordinal), published.ToHashSet(StringComparer.Ordinal));
        }

        foreach (var (write, text) in before.Reads)
        {
            var answer = await app.GetAsync($"/api/capabilities/{write.Code}", write.Tenant);
            Assert.Equal((200, text), (answer.Status, answer.Text));
        }

        Assert.Equal(400, (await app.SendAsync(HttpMethod.Get, "/api/capabilities", headers: ("Registry-Min-Position", $"{before.Last}"))).Status);
        Assert.Equal(410, (await app.GetAsync($"/api/changes?since={before.Last}")).Status);
    }

    private static async Task AssertChainsAsync(RegistryApp app, Noted before)
    {
        await LinkedAsync(app);
        foreach (var (tenant, head) in before.Heads)
        {
            var report = (await app.GetAsync($"/api/audit/verify?head={head}", tenant)).Json;
            Assert.True(report.GetProperty("valid").GetBoolean(), report.ToString());
            Assert.True(report.GetProperty("verified").GetInt64() > long.Parse(head.Split(':')[0], CultureInfo.InvariantCulture));
        }
    }

    private async Task AssertTenantsAreApartAsync(RegistryApp app)
    {
        var database = app.Services.GetRequiredService<TenantDatabase>();
        await using var connection = await database.OpenAsync("neighbours", Cancellation);
        await using var count = new NpgsqlCommand("SELECT count(DISTINCT tenant_id) FROM audit_entries", connection);
        Assert.Equal(1L, await count.ExecuteScalarAsync(Cancellation));
        await using var delete = new NpgsqlCommand("DELETE FROM audit_entries", connection);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => delete.ExecuteNonQueryAsync(Cancellation))).SqlState);

        await using var nobody = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.Login) { Options = $"-c role={DatabaseRoles.Application}", Pooling = false }.ConnectionString);
        await nobody.OpenAsync(Cancellation);
        await using var all = new NpgsqlCommand("SELECT count(*) FROM capabilities", nobody);
        Assert.Equal(0L, await all.ExecuteScalarAsync(Cancellation));
    }

    /// <summary>The keys that webhook secrets are encrypted with came back with them, and so did the one sequence: a new write gets the next position.</summary>
    private static async Task AssertWebhookSignsAsync(RegistryApp app, WebhookReceiver receiver, string secret)
    {
        Assert.Equal(201, (await app.PostAsync("/api/capabilities", Sample.Manifest("after-the-restore"))).Status);
        Assert.Equal(204, (await app.SendAsync(HttpMethod.Delete, "/api/capabilities/after-the-restore")).Status);
        Assert.True((await receiver.NextAsync()).IsSignedWith(secret));
    }

    /// <summary>Waits until everything that was committed is linked, writes under way excepted.</summary>
    private static async Task LinkedAsync(RegistryApp app)
    {
        foreach (var tenant in LiveWriters.Tenants)
        {
            var wanted = long.Parse((await app.PostAsync("/api/capabilities", Sample.Manifest($"marker-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}"), tenant)).Headers.GetValues("Registry-Position").Single(), CultureInfo.InvariantCulture);
            while ((await app.GetAsync("/api/audit/head", tenant)).Json.GetProperty("linked_through").GetInt64() < wanted)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
            }
        }
    }

    private static async Task<Dictionary<string, string>> HeadsAsync(RegistryApp app)
    {
        var heads = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tenant in LiveWriters.Tenants)
        {
            heads[tenant] = (await app.GetAsync("/api/audit/head", tenant)).Json.GetProperty("anchor").GetString()!;
        }

        return heads;
    }

    private Task<string[]> PositionsAsync() => server.RowsAsync(
        Database, "SELECT concat_ws(' ', position, event_id, tenant_id, change_id) FROM events WHERE position <= (SELECT position FROM sequence_head) ORDER BY position");

    private static async Task<(Acknowledged Write, string Text)[]> ReadsAsync(RegistryApp app, IReadOnlyList<Acknowledged> writes)
    {
        var reads = new List<(Acknowledged, string)>();
        foreach (var write in writes.Where((_, index) => index % 7 == 0))
        {
            reads.Add((write, (await app.GetAsync($"/api/capabilities/{write.Code}", write.Tenant)).Text));
        }

        return [.. reads];
    }

    private static async Task<List<string>> FeedAsync(RegistryApp app, string tenant)
    {
        var (codes, position) = (new List<string>(), 0L);
        for (var more = true; more;)
        {
            var page = (await app.GetAsync($"/api/changes?since={position}&limit=100&types=version.published", tenant)).Json;
            codes.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("capability_code").GetString()!));
            (position, more) = (page.GetProperty("position").GetInt64(), page.GetProperty("has_more").GetBoolean());
        }

        return codes;
    }

    /// <summary>What was known before the backup began.</summary>
    private sealed record Noted(
        string[] Rights, IReadOnlyList<Acknowledged> Acknowledged, Dictionary<string, string> Heads, string[] Positions, (Acknowledged Write, string Text)[] Reads, string WebhookSecret)
    {
        public string File { get; set; } = "";

        /// <summary>The highest position that anybody was told, long after the backup.</summary>
        public long Last { get; set; }
    }
}
