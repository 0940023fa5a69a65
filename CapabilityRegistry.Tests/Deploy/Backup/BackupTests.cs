using System.Security.Cryptography;
using System.Text.RegularExpressions;
using CapabilityRegistry.Tests.Testing;
using Npgsql;
using YamlDotNet.RepresentationModel;

namespace CapabilityRegistry.Tests.Deploy.Backup;

/// <summary>What a backup leaves, what it removes, and what it does when something fails.</summary>
public sealed partial class BackupTests(BackupServer server) : IClassFixture<BackupServer>
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task A_backup_is_a_file_that_only_its_maker_may_read_with_its_checksum_beside_it()
    {
        var folder = server.NewFolder();
        var metrics = Path.Combine(folder, "registry_backup.prom");
        var file = await server.BackupAsync("registry", folder, "--metrics-file", metrics);
        Assert.Matches(Name(), Path.GetFileName(file));
        Assert.Equal([OwnerOnly, OwnerOnly], new[] { file, $"{file}.sha256" }.Select(Mode));
        Assert.Equal($"{await DigestAsync(file)}  {Path.GetFileName(file)}\n", await File.ReadAllTextAsync($"{file}.sha256", Cancellation));
        Assert.Empty(Directory.EnumerateFiles(folder, "*.partial", new EnumerationOptions { AttributesToSkip = FileAttributes.None }));

        var samples = (await File.ReadAllLinesAsync(metrics, Cancellation)).Where(line => line[0] != '#').ToArray();
        Assert.Equal(["registry_backup_duration_seconds", "registry_backup_last_success_timestamp_seconds", "registry_backup_size_bytes"], samples.Select(s => s.Split('{')[0]).Order(StringComparer.Ordinal));
        Assert.All(samples, sample => Assert.Contains("{database=\"registry\",label=\"daily\"} ", sample, StringComparison.Ordinal));
        Assert.Contains($"registry_backup_size_bytes{{database=\"registry\",label=\"daily\"}} {new FileInfo(file).Length}", samples);
        Assert.Contains(AlertRules(), rule => rule.Contains("registry_backup_last_success_timestamp_seconds", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_new_one_removes_the_old_ones_of_its_database_and_label_and_nothing_else()
    {
        var folder = server.NewFolder();
        string[] old = ["registry_backup_registry_20261001_020000_daily.dump", "registry_backup_registry_20261001_020000_daily.dump.sha256", "registry_backup_registry_20261002_020000_daily.dump.age"];
        string[] kept = ["registry_backup_registry_20261001_030000_weekly.dump", "registry_backup_registry_eu_20261001_020000_daily.dump", "registry_backup_other_20261001_020000_daily.dump", "registry_backup_registry_20261001_020000_daily.dump.keep", "notes.txt"];
        Array.ForEach([.. old, .. kept], name => Touch(folder, name, days: 8));
        Touch(folder, "registry_backup_registry_20261120_020000_daily.dump", days: 6);
        Tool.Succeeded(await Tool.RunScriptAsync("backup", server.Environment, "--database", "registry", "--dir", folder));
        var left = Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(kept.Append("registry_backup_registry_20261120_020000_daily.dump").ToHashSet(StringComparer.Ordinal), left);
        Assert.Empty(left.Intersect(old));
    }

    [Theory]
    [InlineData("pg_dump", "-c 'head -c 2000 /dev/zero; exit 1'")]
    [InlineData("pg_dump", "-c 'for last; do :; done; head -c 2000 /dev/zero > \"${last#*=}\"' sh \"$@\"")]
    [InlineData("pg_dump", "-c 'head -c 2000 /dev/zero; exit 1'", "--encrypt-to", "age1jq37urmgmyrrfyt9v7vn39g095lj682d3gd55v4mr50h0yhupegs8vmzss")]
    [InlineData("rclone", "-c 'exit 1'", "--upload", "store:backups")]
    public async Task One_that_fails_removes_nothing_old_and_tells_Prometheus_nothing(string program, string fails, params string[] arguments)
    {
        if (arguments.Contains("--encrypt-to"))
        {
            Tool.Require("age");
        }

        var (folder, programs) = (server.NewFolder(), server.NewFolder());
        Touch(folder, "registry_backup_registry_20261001_020000_daily.dump", days: 8);
        Script(programs, program, $"exec sh {fails}");
        var environment = server.Environment;
        environment["PATH"] = $"{programs}:{System.Environment.GetEnvironmentVariable("PATH")}";
        var metrics = Path.Combine(folder, "registry_backup.prom");
        var result = await Tool.RunScriptAsync("backup", environment, ["--database", "registry", "--dir", folder, "--metrics-file", metrics, .. arguments]);
        Assert.Equal(1, result.ExitCode);
        Assert.True(File.Exists(Path.Combine(folder, "registry_backup_registry_20261001_020000_daily.dump")));
        Assert.Equal(program == "rclone" ? 3 : 1, Directory.GetFiles(folder, "registry_backup_*").Length);
        Assert.Empty(Directory.EnumerateFiles(folder, "*.partial", new EnumerationOptions { AttributesToSkip = FileAttributes.None }));
        Assert.False(File.Exists(metrics));
    }

    [Fact]
    public async Task A_login_that_would_see_less_than_everything_is_refused()
    {
        var result = await Tool.RunScriptAsync("backup", BackupServer.EnvironmentOf(server.Login), "--database", "registry", "--dir", server.NewFolder());
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("would not be complete", result.Output, StringComparison.Ordinal);
        Tool.Succeeded(await Tool.RunScriptAsync("backup", BackupServer.EnvironmentOf(server.Owner), "--database", "registry", "--dir", server.NewFolder()));
    }

    [Fact]
    public async Task While_one_runs_another_ends_at_once_with_75()
    {
        var folder = server.NewFolder();
        await using (File.Open(Path.Combine(folder, ".registry_backup_registry_.lock"), FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            Assert.Equal(75, (await Tool.RunScriptAsync("backup", server.Environment, "--database", "registry", "--dir", folder)).ExitCode);
        }

        await server.BackupAsync("registry", folder);
    }

    /// <summary>The guide's variables, and a password with everything that a URL must encode. What programs are given as arguments is recorded.</summary>
    [Fact]
    public async Task DATABASE_URL_says_where_and_its_password_is_in_no_programs_arguments()
    {
        const string Password = "p@ss:w/rd%\\x";
        await server.ExecuteAsync("postgres", $"CREATE ROLE \"backup user\" SUPERUSER LOGIN PASSWORD '{Password}'");
        var (folder, programs) = (server.NewFolder(), server.NewFolder());
        var record = Path.Combine(programs, "record");
        foreach (var program in new[] { "psql", "pg_dump", "pg_restore" })
        {
            Script(programs, program, $"printf '%s\\n' \"{program} $*\" >>'{record}'; exec '{Tool.Require(program)}' \"$@\"");
        }

        var where = new NpgsqlConnectionStringBuilder(server.Owner);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DATABASE_URL"] = $"postgresql+asyncpg://{Uri.EscapeDataString("backup user")}:{Uri.EscapeDataString(Password)}@{where.Host}:{where.Port}/registry?sslmode=prefer&application_name=nightly",
            ["BACKUP_DIR"] = folder,
            ["PATH"] = $"{programs}:{System.Environment.GetEnvironmentVariable("PATH")}",
        };
        Tool.Succeeded(await Tool.RunScriptAsync("backup", environment));
        Assert.Single(Directory.EnumerateFiles(folder, "registry_backup_registry_*.dump"));
        var said = await File.ReadAllTextAsync(record, Cancellation);
        Assert.All(["psql ", "pg_dump ", "pg_restore "], program => Assert.Contains(program, said, StringComparison.Ordinal));
        Assert.All([Password, Uri.EscapeDataString(Password), "postgresql"], secret => Assert.DoesNotContain(secret, said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_upload_is_signed_read_back_and_compared()
    {
        Tool.Require("rclone");
        await using var store = await StrictS3.StartAsync();
        var folder = server.NewFolder();
        string[] arguments = ["--database", "registry", "--dir", folder, "--upload", $"s3://{StrictS3.Bucket}/database/", "--endpoint", store.Url];
        var sent = await Tool.RunScriptAsync("backup", S3Environment(), arguments);
        Assert.True(sent.Succeeded, $"{sent.Output}\n{string.Join('\n', store.Refusals)}");
        Assert.Empty(store.Refusals);
        var file = Assert.Single(Directory.EnumerateFiles(folder, "*.dump"));
        Assert.Equal([Path.GetFileName(file), $"{Path.GetFileName(file)}.sha256"], store.Objects.Keys.Select(key => key["database/".Length..]).Order(StringComparer.Ordinal));
        Assert.Equal(await File.ReadAllBytesAsync(file, Cancellation), store.Objects[$"database/{Path.GetFileName(file)}"]);

        store.IsFaulty = true;
        store.Objects.Clear();
        Assert.Equal(1, (await Tool.RunScriptAsync("backup", S3Environment(), [.. arguments, "--label", "faulty"])).ExitCode);
        Assert.DoesNotContain(store.Objects.Keys, key => key.EndsWith(".sha256", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rehearsal_says_what_would_be_done_and_does_nothing()
    {
        var folder = server.NewFolder();
        Touch(folder, "registry_backup_registry_20261001_020000_daily.dump", days: 8);
        var result = await Tool.RunScriptAsync("backup", server.Environment, "--database", "registry", "--dir", folder, "--upload", "store:backups", "--dry-run");
        Tool.Succeeded(result);
        Assert.All(["+ pg_dump", "+ rclone copyto", "+ rm "], step => Assert.Contains(step, result.Output, StringComparison.Ordinal));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Dictionary<string, string> S3Environment() => new(server.Environment, StringComparer.Ordinal)
    {
        ["AWS_ACCESS_KEY_ID"] = StrictS3.KeyId,
        ["AWS_SECRET_ACCESS_KEY"] = StrictS3.Secret,
        ["AWS_REGION"] = StrictS3.Region,
        ["HOME"] = server.Folder,
    };

    private static IEnumerable<string> AlertRules() => ((YamlSequenceNode)YamlFile.Read(Path.Combine(Tool.Deploy, "prometheus", "registry_rules.yml"))["groups"])
        .SelectMany(group => (YamlSequenceNode)group["rules"]).Select(rule => ((YamlScalarNode)rule["expr"]).Value!);

    private static void Touch(string folder, string name, int days)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, name);
        File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-days));
    }

    private static void Script(string folder, string name, string body)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private static UnixFileMode Mode(string file) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file);

    private static async Task<string> DigestAsync(string file) => Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file, Cancellation)));

    [GeneratedRegex(@"^registry_backup_registry_\d{8}_\d{6}_daily\.dump$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
