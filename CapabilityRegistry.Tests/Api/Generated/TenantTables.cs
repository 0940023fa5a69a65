using System.Globalization;
using Npgsql;

namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>Looks at the tables that have a tenant past every lock, as the superuser.</summary>
internal sealed class TenantTables(string connectionString)
{
    /// <summary>The tables that have a tenant.</summary>
    public async Task<IReadOnlyList<string>> ListAsync()
    {
        var rows = await QueryAsync(
            """
            SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1
            """);
        return [.. rows.Select(r => (string)r[0])];
    }

    /// <summary>Number and digest of a tenant's rows in every table.</summary>
    public async Task<IReadOnlyList<string>> DigestAsync(string tenantId)
    {
        var digests = new List<string>();
        foreach (var table in await ListAsync())
        {
            var rows = await QueryAsync($"SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t WHERE tenant_id = '{tenantId}'");
            digests.Add(string.Create(CultureInfo.InvariantCulture, $"{table}: {rows[0][0]} rows {rows[0][1]}"));
        }

        return digests;
    }

    public async Task<List<object[]>> QueryAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return await QueryAsync(connection, sql);
    }

    public static async Task<List<object[]>> QueryAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<object[]>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }
}
