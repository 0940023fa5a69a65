using System.Globalization;
using System.Text.RegularExpressions;

namespace CapabilityRegistry.ServiceDefaults.Configuration;

/// <summary>Turns the URL of a Redis server into StackExchange.Redis' configuration string.</summary>
internal static partial class RedisUrl
{
    public const string Expected =
        "redis://user:password@host:6379/0 (rediss:// for TLS; user and password can be left out), with special characters of the user and the password percent-encoded, "
        + "neither of them with a comma or with blanks around it, and no parameters";

    /// <summary>StackExchange.Redis would take another one for TLS than the URL's readers do.</summary>
    private const int DefaultPort = 6379;

    /// <summary>The configuration string, or null when the text is malformed.</summary>
    public static string? ToConnectionString(string text)
    {
        var url = Url().Match(text);
        var port = url.Groups["port"] is { Success: true } given ? UrlText.Port(given.Value) : DefaultPort;
        if (!url.Success || port is null || HostOf(url) is not { } host || !UrlText.TryCredentials(url.Groups["userinfo"].Value, out var user, out var password) || !CanBeWritten(user, password))
        {
            return null;
        }

        string?[] parts =
        [
            string.Create(CultureInfo.InvariantCulture, $"{host}:{port}"),
            user is null ? null : $"user={user}",
            password is null ? null : $"password={password}",
            url.Groups["tls"].Success ? "ssl=true" : null,
            url.Groups["database"] is { Success: true } database ? $"defaultDatabase={database.Value}" : null,
        ];
        return string.Join(',', parts.Where(part => part is not null));
    }

    private static string? HostOf(Match url) => url.Groups["v6"] is { Success: true } v6
        ? UrlText.Decode(v6.Value) is { } address && UrlText.IsIPv6(address) ? $"[{address}]" : null
        : UrlText.Decode(url.Groups["name"].Value) is { } name && UrlText.IsHostName(name) ? name : null;

    /// <summary>The configuration string separates its parts by commas, trims them and knows no quotes. A user alone logs nobody in.</summary>
    private static bool CanBeWritten(string? user, string? password) =>
        (user is null || password is not null)
        && new[] { user, password }.All(part => part is null || (!part.Contains(',', StringComparison.Ordinal) && part.Trim() == part));

    [GeneratedRegex(
        @"^redis(?<tls>s)?://((?<userinfo>[^/?#]*)@)?(\[(?<v6>[^\[\]]+)\]|(?<name>[^:\[\]/?#@\s]+))(:(?<port>[0-9]+))?(/(?<database>[0-9]{1,5})?)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Url();
}
