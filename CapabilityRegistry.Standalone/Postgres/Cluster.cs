using System.Security.Cryptography;

namespace CapabilityRegistry.Standalone.Postgres;

/// <summary>
/// The cluster's files: made when there are none, kept, or discarded when asked. A new one grows in a sibling folder and is renamed when it is complete and
/// on disk, so what has the final name is never half a cluster, wherever the power went.
/// </summary>
internal sealed partial class Cluster(DataFolder folder, PostgresBinaries binaries, UnprivilegedUser user, ChildProcess programs, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan InitTimeout = TimeSpan.FromMinutes(3);

    /// <summary>Leaves a complete cluster in the folder, and nothing unfinished.</summary>
    /// <exception cref="EmbeddedPostgresException">There is a cluster, of a version that these binaries do not serve.</exception>
    public async Task EnsureAsync(EmbeddedPostgresOptions options, CancellationToken cancellationToken)
    {
        RemoveUnfinished();
        if (folder.ClusterMajor is not { } major)
        {
            Log.Creating(logger, folder.Cluster, binaries.Major);
            await CreateAsync(options, cancellationToken);
        }
        else if (major != binaries.Major)
        {
            throw new EmbeddedPostgresException(
                $"The data in {folder.Cluster} was made by PostgreSQL {major}, but the server here is {binaries.Major} ({binaries.Folder}). Install PostgreSQL {major} beside it "
                + $"(or name its folder in {PostgresBinaries.FolderVariable}), move the data with pg_dump or pg_upgrade, or start with --fresh to discard it.");
        }
    }

    /// <summary>Stops the server of a cluster of ours and deletes it. One without a password beside it is somebody else's: it is refused and left alone.</summary>
    public async Task DiscardAsync(PgCtl control, CancellationToken cancellationToken)
    {
        if (folder.ClusterMajor is not null && folder.ReadPassword().Length > 0)
        {
            await control.StopAsync(cancellationToken);
            Directory.Delete(folder.Cluster, recursive: true);
            Log.Discarded(logger, folder.Cluster);
        }
    }

    private async Task CreateAsync(EmbeddedPostgresOptions options, CancellationToken cancellationToken)
    {
        folder.WritePassword(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        await user.OwnAsync(folder.PasswordFile, cancellationToken);
        var unfinished = folder.UnfinishedCluster(Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));
        Directory.CreateDirectory(unfinished);
        await user.OwnAsync(unfinished, cancellationToken);

        await InitdbAsync("--no-sync", "--no-instructions", "--encoding=UTF8", $"--locale={await LocaleAsync(cancellationToken)}", "--data-checksums",
            "--auth=scram-sha-256", $"--username={options.SuperuserName}", $"--pwfile={folder.PasswordFile}");
        await IncludeSettingsAsync(unfinished, cancellationToken);
        if (options.Durable)
        {
            await InitdbAsync("--sync-only");
        }

        Directory.Move(unfinished, folder.Cluster);

        async Task InitdbAsync(params string[] arguments)
        {
            var command = new ChildCommand(binaries.Initdb, [.. arguments, "-D", unfinished]) { WorkingDirectory = folder.Root, Timeout = InitTimeout };
            (await user.RunAsync(command, cancellationToken)).Require("Making the PostgreSQL cluster");
        }
    }

    // An initdb that outlived our killed predecessor may still be writing there; what cannot be removed now is removed at the next start.
    private void RemoveUnfinished()
    {
        foreach (var path in folder.UnfinishedClusters().ToArray())
        {
            try
            {
                Directory.Delete(path, recursive: true);
                Log.UnfinishedRemoved(logger, path);
            }
            catch (IOException exception)
            {
                Log.UnfinishedKept(logger, path, exception);
            }
        }
    }

    // Byte order in every place, and yet a lower() and trigrams that know more letters than ASCII: plain C has only the first.
    private async Task<string> LocaleAsync(CancellationToken cancellationToken)
    {
        try
        {
            var known = await programs.RunAsync(new ChildCommand("locale", "-a"), cancellationToken);
            return known.Output.Split('\n').FirstOrDefault(name => name.Replace("-", "", StringComparison.Ordinal).Equals("C.utf8", StringComparison.OrdinalIgnoreCase)) ?? "C";
        }
        catch (EmbeddedPostgresException)
        {
            return "C";
        }
    }

    // Written as the server's user: root follows no link that this user may have laid.
    private async Task IncludeSettingsAsync(string cluster, CancellationToken cancellationToken)
    {
        var append = new ChildCommand("tee", "-a", Path.Combine(cluster, "postgresql.conf"))
        {
            StandardInput = $"\ninclude_if_exists = '../{Path.GetFileName(folder.SettingsFile)}'\n",
        };
        (await user.RunAsync(append, cancellationToken)).Require("Completing the PostgreSQL settings");
    }

    private static partial class Log
    {
        [LoggerMessage(21, LogLevel.Information, "Making a PostgreSQL {Major} cluster in {Cluster}")]
        public static partial void Creating(ILogger logger, string cluster, int major);

        [LoggerMessage(22, LogLevel.Warning, "Removed {Path}: an earlier initialisation was interrupted")]
        public static partial void UnfinishedRemoved(ILogger logger, string path);

        [LoggerMessage(23, LogLevel.Warning, "Could not remove {Path}, which an interrupted initialisation has left; it is tried again at the next start")]
        public static partial void UnfinishedKept(ILogger logger, string path, Exception exception);

        [LoggerMessage(24, LogLevel.Warning, "Discarded the data in {Cluster}, as asked")]
        public static partial void Discarded(ILogger logger, string cluster);
    }
}
