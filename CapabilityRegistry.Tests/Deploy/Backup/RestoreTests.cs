using System.Security.Cryptography;
using Npgsql;

namespace CapabilityRegistry.Tests.Deploy.Backup;

/// <summary>What a restore refuses, what it leaves alone, and what it puts in whose place.</summary>
public sealed class RestoreTests(BackupServer server) : IClassFixture<BackupServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_that_is_not_what_was_backed_up_is_refused()
    {
        var file = await BackupAsync("changed");
        await File.AppendAllTextAsync(file, "x", Cancellation);
        await RefusedAsync("changed_new", "SHA-256", file);
        File.Delete($"{file}.sha256");
        await RefusedAsync("changed_new", "There is no", file);
    }

    [Fact]
    public async Task A_database_that_holds_something_is_replaced_only_when_told_so_and_kept()
    {
        var file = await BackupAsync("replaced");
        await server.AddTenantAsync("replaced", "later");
        await RefusedAsync("replaced", "--replace", file);
        Tool.Succeeded(await server.RestoreAsync("replaced", "--replace", file));
        Assert.Equal(["0"], await server.RowsAsync("replaced", "SELECT count(*) FROM tenants WHERE tenant_id = 'later'"));
        var kept = Assert.Single(await server.DatabasesAsync(), name => name.StartsWith("replaced_before_", StringComparison.Ordinal));
        Assert.Equal(["1"], await server.RowsAsync(kept, "SELECT count(*) FROM tenants WHERE tenant_id = 'later'"));

        Tool.Succeeded(await server.RestoreAsync("replaced", "--replace", "--drop-old", file));
        Assert.Single(await server.DatabasesAsync(), name => name.StartsWith("replaced_before_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_somebody_is_connected_nothing_is_replaced_unless_sessions_shall_end()
    {
        var file = await BackupAsync("connected");
        await using var session = new NpgsqlConnection(server.Superuser("connected"));
        await session.OpenAsync(Cancellation);
        await RefusedAsync("connected", "1 sessions are connected", "--replace", file);
        await using (var alive = new NpgsqlCommand("SELECT 1", session))
        {
            Assert.Equal(1, await alive.ExecuteScalarAsync(Cancellation));
        }

        Tool.Succeeded(await server.RestoreAsync("connected", "--replace", "--disconnect", file));
        await using var ended = new NpgsqlCommand("SELECT 1", session);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ended.ExecuteScalarAsync(Cancellation));
    }

    /// <summary>One whose checksum is right and whose data is cut off, and one that brings an unsound state.</summary>
    [Theory]
    [InlineData("cut", false, "")]
    [InlineData("unsound", true, "beyond the head")]
    public async Task One_that_fails_leaves_the_old_database_as_it_was_and_nothing_else(string database, bool whole, string reason)
    {
        await server.CreateDatabaseAsync(database);
        await server.ExecuteAsync(database, $"INSERT INTO event_consumers (consumer, position, attempts, updated_at) VALUES ('ahead', {(whole ? 1000 : 0)}, 0, now())");
        var file = await server.BackupAsync(database, server.NewFolder());
        if (!whole)
        {
            var all = await File.ReadAllBytesAsync(file, Cancellation);
            await File.WriteAllBytesAsync(file, all[..^500], Cancellation);
            await File.WriteAllTextAsync($"{file}.sha256", $"{Convert.ToHexStringLower(SHA256.HashData(all.AsSpan(0, all.Length - 500)))}  {Path.GetFileName(file)}\n", Cancellation);
        }

        await server.AddTenantAsync(database, "old");
        var result = await server.RestoreAsync(database, "--replace", file);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(reason, result.Output, StringComparison.Ordinal);
        Assert.Equal([database], (await server.DatabasesAsync()).Where(name => name.StartsWith(database, StringComparison.Ordinal)));
        Assert.Equal(["1"], await server.RowsAsync(database, "SELECT count(*) FROM tenants WHERE tenant_id = 'old'"));
    }

    [Fact]
    public async Task A_backup_of_something_else_is_refused_and_so_is_one_whose_owner_is_missing()
    {
        await server.ExecuteAsync("postgres", "CREATE DATABASE shop");
        var other = Path.Combine(server.NewFolder(), "other.dump");
        Tool.Succeeded(await new CapabilityRegistry.Standalone.Postgres.ChildProcess(TimeProvider.System).RunAsync(
            new(Tool.Require("pg_dump"), "--format=custom", $"--file={other}", "shop") { Environment = server.Environment }, Cancellation));
        await RefusedAsync("shop_new", "no backup of a registry", "--no-checksum", other);
        await RefusedAsync("owned_new", "nobody_here", "--owner", "nobody_here", await BackupAsync("owned"));
    }

    private async Task<string> BackupAsync(string database) => await server.BackupAsync(await server.CreateDatabaseAsync(database), server.NewFolder());

    private async Task RefusedAsync(string database, string reason, params string[] arguments)
    {
        var before = await server.DatabasesAsync();
        var result = await server.RestoreAsync(database, arguments);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(reason, result.Output, StringComparison.Ordinal);
        Assert.Equal(before, await server.DatabasesAsync());
    }
}
