namespace CapabilityRegistry.Tests.Deploy.Backup;

/// <summary>What a restore makes of a backup, whoever makes it, and what follows.</summary>
public sealed class RestoredTests(BackupServer server) : IClassFixture<BackupServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>With an identity of its own: plain text is nowhere, and nobody else can read it.</summary>
    [Fact]
    public async Task An_encrypted_backup_is_restored_with_its_identity_only()
    {
        var (age, keygen) = (Tool.Require("age"), Tool.Require("age-keygen"));
        var folder = server.NewFolder();
        var (mine, other) = (Path.Combine(folder, "mine"), Path.Combine(folder, "other"));
        Tool.Succeeded(await Tool.RunAsync(keygen, "-o", mine));
        Tool.Succeeded(await Tool.RunAsync(keygen, "-o", other));
        await File.WriteAllTextAsync(Path.Combine(folder, "recipients"), (await Tool.RunAsync(keygen, "-y", mine)).Output, Cancellation);
        await server.CreateDatabaseAsync("secret");
        await server.AddTenantAsync("secret", "in-there");
        var file = await server.BackupAsync("secret", Path.Combine(folder, "backups"), "--encrypt-to", Path.Combine(folder, "recipients"));
        Assert.EndsWith("_daily.dump.age", file, StringComparison.Ordinal);
        Assert.StartsWith("age-encryption.org/v1\n", await File.ReadAllTextAsync(file, Cancellation), StringComparison.Ordinal);
        Assert.Equal(3, Directory.GetFiles(Path.Combine(folder, "backups"), "*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }).Length);

        var stranger = await server.RestoreAsync("secret_new", "--identity", other, file);
        Assert.Equal(1, stranger.ExitCode);
        Assert.Contains("cannot be read", stranger.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await server.RestoreAsync("secret_new", file)).ExitCode);
        Tool.Succeeded(await server.RestoreAsync("secret_new", "--identity", mine, file));
        Assert.Equal(["1"], await server.RowsAsync("secret_new", "SELECT count(*) FROM tenants WHERE tenant_id = 'in-there'"));
        Assert.NotEmpty(age);
    }

    [Fact]
    public async Task The_database_is_made_as_it_was_with_its_settings_and_with_who_may_connect()
    {
        await server.CreateDatabaseAsync("made");
        await server.ExecuteAsync("made", "ALTER DATABASE made SET work_mem = '33MB'");
        await server.ExecuteAsync("made", "REVOKE CONNECT ON DATABASE made FROM PUBLIC");
        var file = await server.BackupAsync("made", server.NewFolder());
        Tool.Succeeded(await server.RestoreAsync("made_new", file));
        const string Shape = "SELECT concat_ws(' ', datdba::regrole, encoding, datcollate, datctype, (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(datacl) a), (SELECT setconfig FROM pg_db_role_setting WHERE setdatabase = d.oid AND setrole = 0)) FROM pg_database d WHERE datname = ";
        var before = await server.RowsAsync("postgres", $"{Shape}'made'");
        Assert.Contains("work_mem=33MB", before[0], StringComparison.Ordinal);
        Assert.Equal(before, await server.RowsAsync("postgres", $"{Shape}'made_new'"));
    }

    [Fact]
    public async Task Commands_follow_in_order_and_one_that_fails_is_told_apart_from_a_restore_that_fails()
    {
        var file = await server.BackupAsync(await server.CreateDatabaseAsync("followed"), server.NewFolder());
        var (folder, record) = (server.NewFolder(), "");
        record = Path.Combine(folder, "record");
        Tool.Succeeded(await server.RestoreAsync("followed_one", "--migrate", $"echo migrate >>{record}", "--reindex", $"echo reindex >>{record}", file));
        Assert.Equal(["migrate", "reindex"], await File.ReadAllLinesAsync(record, Cancellation));
        Assert.Equal(3, (await server.RestoreAsync("followed_two", "--migrate", "exit 7", file)).ExitCode);
        Assert.Contains("followed_two", await server.DatabasesAsync());
    }

    [Fact]
    public async Task The_owner_of_the_tables_needs_no_superuser()
    {
        await server.ExecuteAsync("postgres", "ALTER ROLE registry_owner CREATEDB");
        await server.CreateDatabaseAsync("owned");
        var (folder, owner) = (server.NewFolder(), BackupServer.EnvironmentOf(server.Owner));
        Tool.Succeeded(await Tool.RunScriptAsync("backup", owner, "--database", "owned", "--dir", folder));
        var file = Assert.Single(Directory.EnumerateFiles(folder, "*.dump"));
        await server.AddTenantAsync("owned", "later");
        Tool.Succeeded(await Tool.RunScriptAsync("restore", owner, "--database", "owned", "--replace", "--drop-old", file));
        Assert.Equal(["0"], await server.RowsAsync("owned", "SELECT count(*) FROM tenants"));
        Assert.Equal(["owned"], (await server.DatabasesAsync()).Where(name => name.StartsWith("owned", StringComparison.Ordinal)));
    }
}
