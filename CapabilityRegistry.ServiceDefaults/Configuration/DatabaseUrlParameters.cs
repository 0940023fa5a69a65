using System.Globalization;
using Npgsql;

namespace CapabilityRegistry.ServiceDefaults.Configuration;

/// <summary>The parameters of a database URL, under libpq's names. One that is not here is refused: to drop, say, a misspelt <c>sslmode</c> would send passwords in the clear.</summary>
internal static class DatabaseUrlParameters
{
    /// <summary>The longest that Npgsql waits, in seconds.</summary>
    private const int LongestTimeout = 1024;

    private static readonly Dictionary<string, SslMode> SslModes = new(StringComparer.Ordinal)
    {
        ["disable"] = SslMode.Disable,
        ["allow"] = SslMode.Allow,
        ["prefer"] = SslMode.Prefer,
        ["require"] = SslMode.Require,
        ["verify-ca"] = SslMode.VerifyCA,
        ["verify-full"] = SslMode.VerifyFull,
    };

    private static readonly string[] SessionAttributes = ["any", "primary", "standby", "prefer-standby", "read-write", "read-only"];

    /// <summary>Sets every parameter of the query.</summary>
    /// <returns>Whether all are known, given once and well-formed.</returns>
    public static bool Set(NpgsqlConnectionStringBuilder connection, string query)
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        return query.Length == 0 || query.Split('&').All(parameter =>
            parameter.Split('=') is [var name, var encoded]
            && given.Add(name)
            && UrlText.Decode(encoded) is { Length: > 0 } value
            && Set(connection, name, value));
    }

    private static bool Set(NpgsqlConnectionStringBuilder connection, string name, string value)
    {
        switch (name)
        {
            case "sslmode" when SslModes.TryGetValue(value, out var mode):
                connection.SslMode = mode;
                return true;
            case "sslrootcert":
                connection.RootCertificate = value;
                return true;
            case "application_name":
                connection.ApplicationName = value;
                return true;
            case "connect_timeout" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= LongestTimeout:
                connection.Timeout = seconds;
                return true;
            case "target_session_attrs" when SessionAttributes.Contains(value) && (value == "any" || connection.Host!.Contains(',', StringComparison.Ordinal)):
                connection.TargetSessionAttributes = value;
                return true;
            default:
                return false;
        }
    }
}
