using System.Globalization;
using System.Text.RegularExpressions;

namespace CapabilityRegistry.Standalone.Postgres;

/// <summary>One folder with initdb, pg_ctl and postgres of one major version.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    public const string FolderVariable = "REGISTRY_POSTGRES_BIN";
    public const int OldestMajor = 14;

    private static readonly string[] Needed = ["initdb", "pg_ctl", "postgres"];

    /// <summary>Where packages put one folder a version, as parent folder, pattern and the path below it: Debian and Ubuntu, PGDG's RPMs, Homebrew.</summary>
    private static readonly (string Parent, string Pattern, string Below)[] VersionedPlaces =
    [
        ("/usr/lib/postgresql", "*", "bin"),
        ("/usr", "pgsql-*", "bin"),
        ("/opt/homebrew/opt", "postgresql@*", "bin"),
        ("/usr/local/opt", "postgresql@*", "bin"),
    ];

    public string Initdb => Path.Combine(Folder, "initdb");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <summary>
    /// The folder that was asked for; else the first of PATH, then of the places where packages install, highest version first.
    /// Binaries that fit an existing cluster go before all others, so that a newer server beside the old one changes nothing.
    /// </summary>
    /// <exception cref="EmbeddedPostgresException">There is none; the message says how to get one.</exception>
    public static async Task<PostgresBinaries> FindAsync(string? askedFor, int? clusterMajor, ChildProcess programs, CancellationToken cancellationToken)
    {
        PostgresBinaries? first = null;
        foreach (var folder in string.IsNullOrEmpty(askedFor) ? Candidates() : [askedFor])
        {
            if (await ProbeAsync(folder, programs, cancellationToken) is not { } found)
            {
                continue;
            }

            if (clusterMajor is null || found.Major == clusterMajor)
            {
                return found;
            }

            first ??= found;
        }

        return first ?? throw new EmbeddedPostgresException(string.IsNullOrEmpty(askedFor) ? HowToInstall : AskedForIsNone(askedFor));
    }

    private static IEnumerable<string> Candidates()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        var packaged = VersionedPlaces
            .Where(place => Directory.Exists(place.Parent))
            .SelectMany(place => Directory.EnumerateDirectories(place.Parent, place.Pattern).Select(version => Path.Combine(version, place.Below)))
            .OrderByDescending(folder => Digits().Match(Path.GetFileName(Path.GetDirectoryName(folder)) ?? "") is { Success: true } digits ? Number(digits) : 0);
        return path.Where(Path.IsPathRooted).Concat(packaged);
    }

    // PATH often holds links (or a folder of links) to one of the programs only: what counts is the folder where the program itself lies.
    private static async Task<PostgresBinaries?> ProbeAsync(string folder, ChildProcess programs, CancellationToken cancellationToken)
    {
        var control = Path.Combine(folder, "pg_ctl");
        if (!File.Exists(control) || Path.GetDirectoryName(RealPath.Of(control)) is not { } real
            || !Needed.All(program => File.Exists(Path.Combine(real, program))))
        {
            return null;
        }

        var answer = await programs.RunAsync(new ChildCommand(Path.Combine(real, "postgres"), "--version"), cancellationToken);
        return answer.Succeeded && Digits().Match(answer.Output) is { Success: true } digits && Number(digits) is >= OldestMajor and var major
            ? new PostgresBinaries(real, major)
            : null;
    }

    private static int Number(Match digits) => int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string AskedForIsNone(string folder) =>
        $"{FolderVariable} names {folder}, but initdb, pg_ctl and postgres of PostgreSQL {OldestMajor} or later are not all there. Correct it, or unset it to have them searched for.";

    private static string HowToInstall =>
        $"""
        No PostgreSQL server ({OldestMajor} or later) is installed here. Do one of these:
          Debian, Ubuntu   apt-get install postgresql
          Fedora, RHEL     dnf install postgresql-server
          Alpine           apk add postgresql util-linux
          macOS            brew install postgresql@17
          elsewhere        set {FolderVariable} to the folder that holds initdb, pg_ctl and postgres
          a server exists  set ConnectionStrings__registry, for example "Host=db;Username=registry;Password=...;Database=registry"
        """;

    [GeneratedRegex("[0-9]{1,4}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digits();
}
