using CapabilityRegistry.Data;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>The second lock between tenants by itself: SQL on the application's own connections, past every filter of ours.</summary>
public sealed class RowSecurityTests(TwoTenants tenants) : IClassFixture<TwoTenants>
{
    private const string NotAllowed = PostgresErrorCodes.InsufficientPrivilege;

    private readonly TenantTables _tables = new(tenants.ConnectionString);

    [Fact]
    public async Task Every_table_with_a_tenant_is_locked_and_every_entity_with_a_tenant_has_one()
    {
        var open = await _tables.QueryAsync(
            """
            SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity
                AND EXISTS (SELECT FROM pg_policies p WHERE p.tablename = c.relname AND p.cmd = 'ALL' AND p.qual LIKE '%tenant_id%' AND p.with_check LIKE '%tenant_id%' AND p.roles = '{registry_app}'))
            """);
        Assert.Empty(open.Select(r => r[0]));

        await using var scope = tenants.App.Services.CreateAsyncScope();
        var entities = scope.ServiceProvider.GetRequiredService<RegistryDbContext>().Model.GetEntityTypes().Where(t => typeof(ITenantOwned).IsAssignableFrom(t.ClrType)).ToArray();
        Assert.Equal(entities.Select(t => t.GetTableName()!).Order(StringComparer.Ordinal), await _tables.ListAsync());
        Assert.True(entities.Length >= 13);
    }

    [Fact]
    public async Task A_connection_of_one_tenant_sees_no_row_of_another_and_one_without_a_tenant_none()
    {
        await using var stranger = await OpenAsync();
        await using var nobody = await tenants.App.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(TestContext.Current.CancellationToken);
        foreach (var table in await _tables.ListAsync())
        {
            var all = (await _tables.QueryAsync($"SELECT count(*) FILTER (WHERE tenant_id = 'victim'), count(*) FILTER (WHERE tenant_id = 'stranger') FROM {table}"))[0];
            Assert.True((long)all[0] > 0 && (long)all[1] > 0, $"{table} has no rows to hide. Teach {nameof(TenantData)} to make some.");

            Assert.Equal([0L, all[1], all[1]], (await TenantTables.QueryAsync(stranger, $"SELECT count(*) FILTER (WHERE tenant_id = 'victim'), count(*) FILTER (WHERE tenant_id = 'stranger'), count(*) FROM {table}"))[0]);
            Assert.Equal(0L, (await TenantTables.QueryAsync(nobody, $"SELECT count(*) FROM {table}"))[0][0]);
        }
    }

    [Fact]
    public async Task A_connection_of_one_tenant_writes_no_row_for_another()
    {
        var before = await _tables.DigestAsync("victim");
        foreach (var table in await _tables.ListAsync())
        {
            // The same row for oneself gets as far as the primary key; for another tenant it is refused before. Links are made by the system alone.
            Assert.Equal(table == "audit_links" ? NotAllowed : PostgresErrorCodes.UniqueViolation, await TryAsync(Copy(table, "stranger")));
            Assert.Equal(NotAllowed, await TryAsync(Copy(table, "victim")));
            Assert.Equal(NotAllowed, await TryAsync($"UPDATE {table} SET tenant_id = 'victim'"));
            Assert.Equal(NotAllowed, await TryAsync($"TRUNCATE {table} CASCADE"));
            foreach (var statement in new[] { $"UPDATE {table} SET tenant_id = tenant_id WHERE tenant_id = 'victim'", $"DELETE FROM {table} WHERE tenant_id = 'victim'" })
            {
                Assert.Contains(await TryAsync(statement), new[] { NotAllowed, "0 rows" });
            }
        }

        Assert.NotEmpty(before);
        Assert.Equal(before, await _tables.DigestAsync("victim"));
    }

    [Theory]
    [InlineData("UPDATE audit_entries SET actor = 'somebody'")]
    [InlineData("DELETE FROM audit_entries")]
    [InlineData("TRUNCATE audit_entries")]
    [InlineData("UPDATE audit_links SET position = position")]
    [InlineData("DELETE FROM audit_links")]
    [InlineData("TRUNCATE audit_links")]
    [InlineData("UPDATE events SET position = position")]
    [InlineData("DELETE FROM events")]
    [InlineData("ALTER TABLE audit_entries DISABLE ROW LEVEL SECURITY")]
    [InlineData("DROP POLICY one_tenant ON capabilities")]
    public async Task What_a_tenant_did_is_not_changed_by_the_application_and_neither_are_the_locks(string statement) => Assert.Equal(NotAllowed, await TryAsync(statement));

    [Fact]
    public async Task Neither_role_of_the_system_owns_a_table_or_is_above_the_locks()
    {
        await using var application = await OpenAsync();
        await using var system = await tenants.App.Services.GetRequiredService<SystemDatabase>().OpenAsync(TestContext.Current.CancellationToken);
        foreach (var (connection, role) in new[] { (application, DatabaseRoles.Application), (system, DatabaseRoles.System) })
        {
            var row = (await TenantTables.QueryAsync(
                connection,
                """
                SELECT current_user::text, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb,
                    (SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid),
                    (SELECT count(*) FROM pg_auth_members m WHERE m.member = r.oid)
                FROM pg_roles r WHERE r.rolname = current_user
                """))[0];
            Assert.Equal([role, false, false, false, false, 0L, 0L], row);
        }
    }

    [Fact]
    public async Task A_function_that_runs_as_the_owner_finds_nothing_of_another_tenant()
    {
        var functions = await _tables.QueryAsync(
            "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = current_schema()::regnamespace AND has_function_privilege('registry_app', p.oid, 'EXECUTE') ORDER BY 1");
        Assert.Equal(
            [
                "count_capabilities(text,text,text,text,text,text,text,text,text,double precision,integer)",
                "find_capabilities(text,text,text,text)",
                "find_keyword(text)",
                "search_capabilities(text,text,text,text,text,text,text,text,text,double precision,integer,integer,text,integer,integer)",
            ],
            functions.Select(f => (string)f[0]));

        await using var stranger = await OpenAsync();
        const string AnyPart = "NULL, NULL, NULL, NULL, '%', NULL, NULL, NULL, NULL, NULL";
        foreach (var call in new[] { "find_capabilities(NULL, NULL, NULL, '%')", $"search_capabilities({AnyPart}, NULL, NULL, NULL, 0, 1000)", "find_keyword('hidden-keyword')", "find_keyword('own-keyword')" })
        {
            var found = (await TenantTables.QueryAsync(stranger, $"SELECT capability_id FROM {call}")).ConvertAll(r => (Guid)r[0]);
            var owners = await _tables.QueryAsync($"SELECT DISTINCT tenant_id FROM capabilities WHERE capability_id = ANY('{{{string.Join(',', found)}}}')");
            Assert.Equal(call.Contains("hidden-keyword", StringComparison.Ordinal) ? [] : ["stranger"], owners.Select(o => o[0]));
        }

        var own = (await _tables.QueryAsync("SELECT count(*) FROM search_documents WHERE tenant_id = 'stranger'"))[0];
        Assert.Equal(own, [(long)(decimal)(await TenantTables.QueryAsync(stranger, $"SELECT sum(matches) FROM count_capabilities({AnyPart}, 1000)"))[0][0]]);
    }

    /// <summary>Any row of a table once more, for a tenant.</summary>
    private static string Copy(string table, string tenantId) =>
        $"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(NULL::{table}, to_jsonb(t) || '{{\"tenant_id\":\"{tenantId}\"}}')).* FROM {table} t LIMIT 1";

    private async Task<NpgsqlConnection> OpenAsync() => await tenants.App.Services.GetRequiredService<TenantDatabase>().OpenAsync("stranger", TestContext.Current.CancellationToken);

    /// <summary>The SQLSTATE with which a statement of the stranger fails, or how many rows it changed. It is taken back in any case.</summary>
    private async Task<string> TryAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        try
        {
            return $"{await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)} rows";
        }
        catch (PostgresException exception)
        {
            return exception.SqlState;
        }
    }
}
