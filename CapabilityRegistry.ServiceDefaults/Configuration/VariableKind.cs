using System.Globalization;
using System.Text.RegularExpressions;

namespace CapabilityRegistry.ServiceDefaults.Configuration;

/// <summary>What a variable's value has to look like.</summary>
/// <param name="Expected">For the reader of an error: what would have been right.</param>
/// <param name="Read">Makes of the variable's text the value of our key; null when the text is malformed.</param>
internal sealed partial record VariableKind(string Expected, Func<string, string?> Read)
{
    public static readonly VariableKind Boolean = new("true or false (also 1, 0, yes, no, on, off)", text => text.ToLowerInvariant() switch
    {
        "true" or "1" or "yes" or "on" => "true",
        "false" or "0" or "no" or "off" => "false",
        _ => null,
    });

    public static readonly VariableKind Port = Number(1, 65535);

    /// <summary>Taken as it is.</summary>
    public static readonly VariableKind Text = new("any text", text => text);

    public static readonly VariableKind HostName = new("a host name or an IP address", text => Uri.CheckHostName(text) == UriHostNameType.Unknown ? null : text);

    public static readonly VariableKind HttpUrl = new("an absolute URL, http:// or https://", text => HttpUri(text) is null ? null : text);

    /// <summary>The rule for tenants everywhere.</summary>
    public static readonly VariableKind TenantId = new(
        "1 to 63 of a-z, 0-9, '-' and '_', beginning with a letter or digit", text => TenantIds().IsMatch(text) ? text : null);

    public static readonly VariableKind DatabaseUrl = new(Configuration.DatabaseUrl.Expected, Configuration.DatabaseUrl.ToConnectionString);

    public static readonly VariableKind RedisUrl = new(Configuration.RedisUrl.Expected, Configuration.RedisUrl.ToConnectionString);

    /// <summary>Jaeger's thrift collector, which current releases do not have any more, stands for the OTLP receiver of the same host.</summary>
    public static readonly VariableKind TraceEndpoint = new(
        "the URL of an OTLP receiver (http://jaeger:4317), or of Jaeger's collector (http://jaeger:14268/api/traces)",
        text => HttpUri(text) is { } uri ? OtlpOf(uri).ToString() : null);

    private const int ThriftPort = 14268;
    private const int OtlpPort = 4317;

    public static VariableKind Number(int least, int most) => new(
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number.ToString(CultureInfo.InvariantCulture)
            : null);

    /// <summary>One of some words, whatever their case, each with the value that it stands for.</summary>
    public static VariableKind Word(params (string Word, string Value)[] words) => new(
        words is [var (only, _)] ? only : $"one of {string.Join(", ", words.Select(word => word.Word))}",
        text => words.FirstOrDefault(word => string.Equals(word.Word, text, StringComparison.OrdinalIgnoreCase)).Value);

    private static Uri? HttpUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 ? uri : null;

    private static Uri OtlpOf(Uri uri) =>
        uri.Port == ThriftPort || uri.AbsolutePath == "/api/traces" ? new UriBuilder(uri) { Port = OtlpPort, Path = "", Query = "", Fragment = "" }.Uri : uri;

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_-]{0,62}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TenantIds();
}
