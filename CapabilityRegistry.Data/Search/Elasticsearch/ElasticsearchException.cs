using System.Text;
using System.Text.Json;

namespace CapabilityRegistry.Data.Search.Elasticsearch;

/// <summary>The server refuses what was asked of it.</summary>
public class ElasticsearchException(int status, string reason, Exception? innerException = null) : Exception($"Elasticsearch answers {status}: {reason}", innerException)
{
    /// <summary>The status of HTTP, or of the item.</summary>
    public int Status { get; } = status;
}

/// <summary>The server does not answer, or not now: asking later may help.</summary>
public sealed class ElasticsearchUnavailableException(int status, string reason, Exception? innerException = null) : ElasticsearchException(status, reason, innerException);

/// <summary>Makes one line of what a server, or a proxy before it, says went wrong.</summary>
/// <remarks>The shape of errors differs between releases, and a proxy answers HTML: what to do is decided by the status, never by these words.</remarks>
internal static class ErrorText
{
    private const int Most = 500;

    private static readonly string[] Told = ["type", "reason"];

    public static string Of(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            if (JsonElement.TryParseValue(ref reader, out var json) && json is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty("error", out var error))
            {
                return Of(error);
            }
        }
        catch (JsonException)
        {
            // Text or HTML, then.
        }

        return Short(Encoding.UTF8.GetString(body[..Math.Min(body.Length, Most)]));
    }

    /// <summary>The error of an item: an object with type and reason, or a string.</summary>
    public static string Of(JsonElement error) => error.ValueKind switch
    {
        JsonValueKind.String => Short(error.GetString()!),
        JsonValueKind.Object => Short(string.Join(": ", Told.Select(name => error.TryGetProperty(name, out var value) ? value.ToString() : "").Where(text => text.Length > 0))),
        _ => "no reason given",
    };

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length == 0 ? "no reason given" : line.Length <= Most ? line : line[..Most];
    }
}
