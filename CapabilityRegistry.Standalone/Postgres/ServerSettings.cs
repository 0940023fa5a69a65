using System.Text;
using System.Text.RegularExpressions;

namespace CapabilityRegistry.Standalone.Postgres;

/// <summary>
/// The settings file of the embedded server. The cluster's own postgresql.conf includes it, so a server that an operator starts by hand is the same one.
/// </summary>
internal static partial class ServerSettings
{
    private static readonly Dictionary<string, string> Embedded = new(StringComparer.Ordinal)
    {
        ["listen_addresses"] = "127.0.0.1",
        ["unix_socket_directories"] = "",
        ["cluster_name"] = "capability-registry",
        ["max_connections"] = "200",
        ["shared_buffers"] = "64MB",
        ["jit"] = "off",
        ["timezone"] = "UTC",
        ["log_timezone"] = "UTC",
        ["lc_messages"] = "C",
        ["logging_collector"] = "on",
        ["log_directory"] = "log",
        // One file a weekday, each overwritten a week later. What a statement did wrong is the application's to log: "log" ranks above "error" here.
        ["log_filename"] = "postgresql-%a.log",
        ["log_rotation_age"] = "1d",
        ["log_rotation_size"] = "0",
        ["log_truncate_on_rotation"] = "on",
        ["log_min_messages"] = "log",
    };

    private static readonly Dictionary<string, string> NotDurable = new(StringComparer.Ordinal)
    {
        ["fsync"] = "off",
        ["synchronous_commit"] = "off",
        ["full_page_writes"] = "off",
    };

    /// <summary>The text of the file: the embedded settings, those that durability costs, then the caller's own, which win.</summary>
    /// <exception cref="EmbeddedPostgresException">The name of an extra setting is none.</exception>
    public static string For(EmbeddedPostgresOptions options, int port)
    {
        var settings = new SortedDictionary<string, string>(Embedded, StringComparer.Ordinal) { ["port"] = $"{port}" };
        foreach (var (name, value) in (options.Durable ? [] : NotDurable).Concat(options.Settings))
        {
            settings[SettingName().IsMatch(name) ? name : throw new EmbeddedPostgresException($"'{name}' is no name of a PostgreSQL setting.")] = value;
        }

        var text = new StringBuilder("# Written at every start of the embedded server; what is changed here is lost.\n");
        foreach (var (name, value) in settings)
        {
            text.Append(name).Append(" = ").Append(Quote(value)).Append('\n');
        }

        return text.ToString();
    }

    private static string Quote(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}'";

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_.]*\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SettingName();
}
