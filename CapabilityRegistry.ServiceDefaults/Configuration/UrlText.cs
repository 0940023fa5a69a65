using System.Globalization;
using System.Net;
using System.Text;

namespace CapabilityRegistry.ServiceDefaults.Configuration;

/// <summary>The parts that connection URLs have in common. <see cref="Uri"/> is no help: it knows one host only, and leaves an escape that is not UTF-8 as it stands,
/// which would make a wrong password of a misspelt one.</summary>
internal static class UrlText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text with its percent escapes resolved; null when one is malformed, is not UTF-8 or stands for a control character.</summary>
    public static string? Decode(string text)
    {
        var decoded = new List<byte>(text.Length);
        var encoded = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] != '%')
            {
                decoded.Add(encoded[i]);
            }
            else if (i + 2 < encoded.Length && byte.TryParse(encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                decoded.Add(value);
                i += 2;
            }
            else
            {
                return null;
            }
        }

        return Printable(decoded);
    }

    /// <summary>Splits <c>user:password</c>. Empty parts are absent.</summary>
    /// <returns>Whether both are well-formed.</returns>
    public static bool TryCredentials(string text, out string? user, out string? password)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        user = Decode(colon < 0 ? text : text[..colon]);
        password = Decode(colon < 0 ? "" : text[(colon + 1)..]);
        var wellFormed = user is not null && password is not null;
        (user, password) = (NullIfEmpty(user), NullIfEmpty(password));
        return wellFormed;
    }

    /// <summary>Whether it is a host name or an IPv4 address; IPv6 addresses stand in brackets and are asked for separately.</summary>
    public static bool IsHostName(string host) => Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4;

    public static bool IsIPv6(string host) => host.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(host, out _);

    /// <summary>A port, or null when it is not one.</summary>
    public static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535 ? port : null;

    private static string? Printable(List<byte> bytes)
    {
        try
        {
            var text = Strict.GetString([.. bytes]);
            return text.Any(char.IsControl) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
