using System.Text.RegularExpressions;
using CapabilityRegistry.Data;
using CapabilityRegistry.Standalone.Postgres;
using CapabilityRegistry.Tests.Testing;
using Npgsql;

namespace CapabilityRegistry.Tests.Deploy.Backup;

/// <summary>Recovery to a point in time, with the settings and the command as docs/backup.md gives them.</summary>
public sealed partial class PointInTimeTests : IDisposable
{
    private static readonly string Document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "backup.md"));

    /// <summary>The server runs as somebody else, who must be able to look into it.</summary>
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"registry-moment-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}")).FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Archive => Path.Combine(_folder, "archive");

    [Fact]
    public async Task A_base_backup_and_the_archived_log_bring_back_the_moment_before_a_mistake()
    {
        Tool.Require("pg_basebackup");
        Directory.CreateDirectory(Archive);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Archive, (UnixFileMode)0b111_111_111);
        }

        var moment = await LiveAsync();
        var second = Path.Combine(_folder, "second");
        Directory.CreateDirectory(second);
        Directory.Move(Path.Combine(Archive, "base", "today"), Path.Combine(second, "postgres"));
        File.Copy(Path.Combine(_folder, "first", "postgres.password"), Path.Combine(second, "postgres.password"));
        await File.WriteAllTextAsync(Path.Combine(second, "postgres", "recovery.signal"), "", Cancellation);

        var settings = Settings("restore_command", "recovery_target_time", "recovery_target_action");
        settings["recovery_target_time"] = moment;
        settings["hot_standby"] = "off";
        await using var postgres = await EmbeddedPostgres.StartAsync(new() { DataDirectory = second, Settings = settings }, cancellationToken: Cancellation);
        await using var app = await RegistryApp.StartAsync(postgres.ConnectionString, withWorker: true);
        Assert.Equal((200, 200), ((await app.GetAsync("/api/capabilities/in-the-base")).Status, (await app.GetAsync("/api/capabilities/in-the-log")).Status));
        var verified = (await app.GetAsync("/api/audit/verify")).Json;
        Assert.True(verified.GetProperty("valid").GetBoolean(), verified.ToString());
    }

    /// <summary>A registry with a base backup, writes after it, and a mistake. Answers with the moment before that.</summary>
    private async Task<string> LiveAsync()
    {
        var settings = Settings("archive_mode", "archive_command", "archive_timeout");
        settings["wal_level"] = "replica";
        await using var postgres = await EmbeddedPostgres.StartAsync(new() { DataDirectory = Path.Combine(_folder, "first"), Settings = settings }, cancellationToken: Cancellation);
        await DatabaseMigrator.MigrateAsync(postgres.OwnerConnectionString, postgres.ConnectionString, Cancellation);
        await using var app = await RegistryApp.StartAsync(postgres.ConnectionString, withWorker: true);
        Assert.Equal(201, (await app.PostAsync("/api/capabilities", Sample.Manifest("in-the-base"))).Status);
        await BaseBackupAsync(postgres.SuperuserConnectionString);
        Assert.Equal(201, (await app.PostAsync("/api/capabilities", Sample.Manifest("in-the-log"))).Status);
        var moment = await AskAsync(postgres.SuperuserConnectionString, "SELECT clock_timestamp()::text");
        foreach (var code in new[] { "in-the-base", "in-the-log" })
        {
            Assert.Equal(204, (await app.SendAsync(HttpMethod.Delete, $"/api/capabilities/{code}")).Status);
        }

        var last = await AskAsync(postgres.SuperuserConnectionString, "SELECT pg_walfile_name(pg_switch_wal())");
        while (!File.Exists(Path.Combine(Archive, last)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }

        return moment;
    }

    private async Task BaseBackupAsync(string superuser)
    {
        var command = Command().Match(Document).Value.Replace("$(date +%F)", "today", StringComparison.Ordinal).Replace("/archive", Archive, StringComparison.Ordinal);
        var environment = BackupServer.EnvironmentOf(superuser);
        Tool.Succeeded(await new ChildProcess(TimeProvider.System).RunAsync(
            new(Tool.Require("bash"), "-c", command) { Environment = environment, Timeout = TimeSpan.FromSeconds(60) }, Cancellation));
    }

    private Dictionary<string, string> Settings(params string[] names) => names.ToDictionary(
        name => name,
        name => Assert.Single(Setting().Matches(Document), match => match.Groups["name"].Value == name).Groups["value"].Value.Trim('\'').Replace("/archive", Archive, StringComparison.Ordinal),
        StringComparer.Ordinal);

    private static async Task<string> AskAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex("^pg_basebackup .*$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Command();

    [GeneratedRegex("^(?<name>[a-z_]+) = (?<value>.*)$", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Setting();
}
