using System.Text.RegularExpressions;
using Npgsql;

namespace CapabilityRegistry.ServiceDefaults.Configuration;

/// <summary>Turns the URL of a PostgreSQL server, as libpq and SQLAlchemy write it, into Npgsql's connection string.</summary>
internal static partial class DatabaseUrl
{
    public const string Expected =
        "postgresql://user:password@host:5432/database, with special characters of the user and the password percent-encoded, several hosts separated by commas, "
        + "and no other parameters than sslmode, sslrootcert, application_name, connect_timeout and (with several hosts) target_session_attrs; or a connection string of Npgsql with a Host";

    private const int DefaultPort = 5432;

    /// <summary>The connection string, or null when the text is malformed. A connection string of Npgsql is returned as it is.</summary>
    public static string? ToConnectionString(string text) => FromUrl(text) ?? (IsConnectionString(text) ? text : null);

    private static string? FromUrl(string text)
    {
        var connection = new NpgsqlConnectionStringBuilder();
        return Url().Match(text) is { Success: true } url
            && SetHosts(connection, url.Groups["hosts"].Value)
            && SetCredentials(connection, url.Groups["userinfo"].Value)
            && SetDatabase(connection, url.Groups["database"].Value)
            && DatabaseUrlParameters.Set(connection, url.Groups["query"].Value)
                ? connection.ConnectionString
                : null;
    }

    /// <summary>Npgsql's reading of its own connection string, or null. Its exceptions are of many types, and some repeat what they dislike.</summary>
    public static NpgsqlConnectionStringBuilder? Parse(string connectionString)
    {
        try
        {
            return new(connectionString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException or InvalidCastException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The strings of libpq have blanks where Npgsql's have semicolons: all of one would be the host.</summary>
    private static bool IsConnectionString(string text) => Parse(text)?.Host is { } host && !string.IsNullOrWhiteSpace(host) && !host.Contains('=', StringComparison.Ordinal);

    /// <summary>One host and port have keywords of their own; several are one list.</summary>
    private static bool SetHosts(NpgsqlConnectionStringBuilder connection, string text)
    {
        var hosts = text.Split(',').Select(HostOf).ToArray();
        if (hosts is [({ } only, var port)])
        {
            connection.Host = only;
            connection.Port = port;
            return true;
        }

        // A socket's folder has no place in a list that separates the port with a colon.
        if (hosts.Any(host => host.Name is null or ['/', ..]))
        {
            return false;
        }

        connection.Host = string.Join(',', hosts.Select(host => UrlText.IsIPv6(host.Name!) ? $"[{host.Name}]:{host.Port}" : $"{host.Name}:{host.Port}"));
        return true;
    }

    /// <summary>The name is null when the host or its port is malformed.</summary>
    private static (string? Name, int Port) HostOf(string text)
    {
        var host = Host().Match(text);
        var port = host.Groups["port"] is { Success: true } given ? UrlText.Port(given.Value) : DefaultPort;
        var name = UrlText.Decode(host.Groups["v6"].Success ? host.Groups["v6"].Value : host.Groups["name"].Value);
        var known = name is not null && (host.Groups["v6"].Success ? UrlText.IsIPv6(name) : name is ['/', ..] || UrlText.IsHostName(name));
        return host.Success && known && port is { } number ? (name, number) : (null, 0);
    }

    private static bool SetCredentials(NpgsqlConnectionStringBuilder connection, string text)
    {
        var wellFormed = UrlText.TryCredentials(text, out var user, out var password);
        if (user is not null)
        {
            connection.Username = user;
        }

        if (password is not null)
        {
            connection.Password = password;
        }

        return wellFormed;
    }

    private static bool SetDatabase(NpgsqlConnectionStringBuilder connection, string text)
    {
        var name = UrlText.Decode(text);
        if (!string.IsNullOrEmpty(name))
        {
            connection.Database = name;
        }

        return name is not null;
    }

    /// <summary>What stands before the last <c>@</c> is user and password. A raw <c>/</c>, <c>?</c> or <c>#</c> in a password would move the borders of everything: what is left then matches nothing.</summary>
    [GeneratedRegex(
        @"^postgres(ql)?(\+[a-z0-9_]+)?://((?<userinfo>[^/?#]*)@)?(?<hosts>[^/?#@\s]+)(/(?<database>[^/?#@]*))?(\?(?<query>[^#]*))?\z",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Url();

    [GeneratedRegex(@"^(\[(?<v6>[^\[\]]+)\]|(?<name>[^:\[\]]+))(:(?<port>[0-9]+))?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Host();
}
