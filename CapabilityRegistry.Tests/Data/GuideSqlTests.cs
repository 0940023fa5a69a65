using CapabilityRegistry.Tests.Testing;
using Npgsql;

namespace CapabilityRegistry.Tests.Data;

/// <summary>The deployment guide's "Database Optimization", statement by statement.</summary>
public sealed class GuideSqlTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    [Theory]
    [InlineData("CREATE INDEX CONCURRENTLY idx_capabilities_category ON capabilities(category)")]
    [InlineData("CREATE INDEX CONCURRENTLY idx_capabilities_status ON capabilities(status)")]
    [InlineData("CREATE INDEX CONCURRENTLY idx_capabilities_search ON capabilities USING gin(to_tsvector('english', capability_name || ' ' || description))")]
    [InlineData("CREATE INDEX CONCURRENTLY idx_compositions_type ON compositions(composition_type)")]
    [InlineData("CREATE INDEX CONCURRENTLY idx_dependencies_capability ON dependencies(dependent_id, dependency_id)")]
    [InlineData("ANALYZE capabilities")]
    [InlineData("ANALYZE compositions")]
    [InlineData("ANALYZE dependencies")]
    public async Task A_statement_of_the_guide_runs_or_finds_its_index_there(string sql)
    {
        var error = await RunAsync(sql);
        Assert.True(error is null or PostgresErrorCodes.DuplicateTable, error);

        // The columns are there in any case: the same index under another name is made.
        Assert.Null(await RunAsync(sql.Replace("idx_", "other_", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_guides_reset_of_statistics_is_refused_by_every_postgresql() =>
        Assert.Equal(PostgresErrorCodes.ObjectNotInPrerequisiteState, await RunAsync("UPDATE pg_stat_user_tables SET n_tup_ins = 0, n_tup_upd = 0, n_tup_del = 0"));

    [Theory]
    [InlineData("uuid-ossp")]
    [InlineData("pg_trgm")]
    [InlineData("btree_gin")]
    public async Task An_extension_of_the_guide_is_there(string extension)
    {
        await using var source = NpgsqlDataSource.Create(registry.ConnectionString);
        await using var command = source.CreateCommand($"SELECT count(*) FROM pg_extension WHERE extname = '{extension}'");
        Assert.Equal(1L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task No_table_of_ours_is_without_a_tenant()
    {
        await using var source = NpgsqlDataSource.Create(registry.ConnectionString);
        await using var command = source.CreateCommand(
            """
            SELECT array_agg(t.table_name::text ORDER BY t.table_name) FILTER (WHERE c.column_name IS NULL), count(*)
            FROM information_schema.tables t LEFT JOIN information_schema.columns c ON c.table_name = t.table_name AND c.table_schema = t.table_schema AND c.column_name = 'tenant_id'
            WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE'
            """);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["__EFMigrationsHistory", "data_protection_keys", "event_consumers", "search_rebuilds", "sequence_head", "usage_roll_up"], reader.GetFieldValue<string[]>(0));
        Assert.True(reader.GetInt64(1) >= 8);
    }

    private async Task<string?> RunAsync(string sql)
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(registry.ConnectionString);
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            return null;
        }
        catch (PostgresException exception)
        {
            return exception.SqlState;
        }
    }
}
