using CapabilityRegistry.Tests.Testing;
using Npgsql;

namespace CapabilityRegistry.Tests.Api.Contract;

/// <summary>Looks at the tables past the API, as the server's superuser: no policy hides a row.</summary>
internal static class Tables
{
    public static async Task<long> CountAsync(RegistryFixture registry, string table, string tenantId) =>
        (long)(await ScalarAsync(registry, $"SELECT count(*) FROM {table} WHERE tenant_id = '{tenantId}'"))!;

    public static async Task<object?> ScalarAsync(RegistryFixture registry, string sql)
    {
        await using var connection = await OpenAsync(registry.ConnectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>Number of rows and digest of every table.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> DigestAsync(RegistryFixture registry)
    {
        await using var connection = await OpenAsync(registry.ConnectionString);
        var names = new List<string>();
        await using (var list = new NpgsqlCommand("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", connection))
        await using (var reader = await list.ExecuteReaderAsync(TestContext.Current.CancellationToken))
        {
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                names.Add(reader.GetString(0));
            }
        }

        Assert.True(names.Count >= 13, $"{names.Count} tables");
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            await using var digest = new NpgsqlCommand($"SELECT count(*) || ' rows ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE \"C\")), '') FROM \"{name}\" t", connection);
            digests.Add(name, (string)(await digest.ExecuteScalarAsync(TestContext.Current.CancellationToken))!);
        }

        return digests;
    }
}
