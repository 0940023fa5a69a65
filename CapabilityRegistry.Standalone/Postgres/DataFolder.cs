using System.Globalization;
using System.Text;

namespace CapabilityRegistry.Standalone.Postgres;

/// <summary>
/// The folder of one embedded server: where each file lies, and the lock that makes this process its only owner. The lock is the kernel's (flock), so it
/// ends with the process however that ends.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersPassThrough = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Readable = Secret | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly FileStream _lock;

    private DataFolder(string root)
    {
        Root = root;
        _lock = Lock(Path.Combine(root, "postgres.lock"));
        File.WriteAllText(OwnerFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>As root /var/lib/capability-registry, else $XDG_DATA_HOME or ~/.local/share, and capability-registry in it.</summary>
    public static string DefaultPath
    {
        get
        {
            var data = Environment.GetEnvironmentVariable("XDG_DATA_HOME");
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
            return Environment.IsPrivilegedProcess ? "/var/lib/capability-registry"
                : Path.Combine(Path.IsPathRooted(data) ? data : Path.Combine(home, ".local", "share"), "capability-registry");
        }
    }

    public string Root { get; }

    /// <summary>The cluster (PGDATA). It appears under this name only when it is complete.</summary>
    public string Cluster => Path.Combine(Root, "postgres");

    public string SettingsFile => Path.Combine(Root, "postgres.conf");

    public string PasswordFile => Path.Combine(Root, "postgres.password");

    private string PortFile => Path.Combine(Root, "postgres.port");

    private string OwnerFile => Path.Combine(Root, "postgres.owner");

    private string UnfinishedPrefix => Path.GetFileName(Cluster) + ".init-";

    /// <summary>The version of the cluster that is here, or null when there is none yet.</summary>
    public int? ClusterMajor
    {
        get
        {
            var file = Path.Combine(Cluster, "PG_VERSION");
            return !Directory.Exists(Cluster) ? null
                : File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var major) ? major
                : throw new EmbeddedPostgresException($"{Cluster} is no PostgreSQL data folder (it has no PG_VERSION). Move it away, or choose another data folder.");
        }
    }

    /// <summary>The port of the last start; 0 before the first.</summary>
    public int RememberedPort
    {
        get => File.Exists(PortFile) && int.TryParse(File.ReadAllText(PortFile), CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port : 0;
        set => Write(PortFile, value.ToString(CultureInfo.InvariantCulture), Readable);
    }

    /// <summary>Creates the folder where it is missing and becomes its owner.</summary>
    /// <exception cref="EmbeddedPostgresException">Another process owns it, or it cannot be written to.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            Create(Path.GetFullPath(path));
            return new DataFolder(RealPath.Of(path));
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new EmbeddedPostgresException($"The data folder {path} cannot be used by the user {Environment.UserName}: {exception.Message} Choose another one (--data).", exception);
        }
    }

    public string UnfinishedCluster(string suffix) => Path.Combine(Root, UnfinishedPrefix + suffix);

    /// <summary>What an initialisation that was killed has left.</summary>
    public IEnumerable<string> UnfinishedClusters() => Directory.EnumerateDirectories(Root, UnfinishedPrefix + "*");

    public string? ReadSettings() => File.Exists(SettingsFile) ? File.ReadAllText(SettingsFile) : null;

    public void WriteSettings(string text) => Write(SettingsFile, text, Readable);

    /// <summary>The secret of the superuser.</summary>
    /// <exception cref="EmbeddedPostgresException">There is none beside the cluster.</exception>
    public string ReadPassword() => File.Exists(PasswordFile) ? File.ReadAllText(PasswordFile).Trim()
        : throw new EmbeddedPostgresException($"{PasswordFile} is missing: it holds the password of the cluster in {Cluster}. Restore it, or move the cluster away.");

    public void WritePassword(string password) => Write(PasswordFile, password, Secret);

    public void Dispose() => _lock.Dispose();

    private static void Create(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (Path.GetDirectoryName(path) is { } parent)
        {
            Create(parent);
        }

        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, Environment.IsPrivilegedProcess ? OthersPassThrough : OwnerOnly);
        }
    }

    private FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.GetType() == typeof(IOException) && File.Exists(path))
        {
            var owner = File.Exists(OwnerFile) ? $"process {File.ReadAllText(OwnerFile)}" : "another process";
            throw new EmbeddedPostgresException(
                $"The data folder {Root} is in use by {owner}. Stop that one first, or choose another data folder (--data) and port (--port).", exception);
        }
    }

    // A file is there with all of its text or not at all, also after a power cut.
    private static void Write(string path, string text, UnixFileMode mode)
    {
        var unfinished = path + ".new";
        File.Delete(unfinished);
        using (var stream = new FileStream(unfinished, FileMode.CreateNew))
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(stream.SafeFileHandle, mode);
            }

            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }
}
