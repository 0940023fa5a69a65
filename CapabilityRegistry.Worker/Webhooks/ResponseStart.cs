using System.Text;

namespace CapabilityRegistry.Worker.Webhooks;

/// <summary>How an answer's body begins, for people who look for what went wrong.</summary>
internal static class ResponseStart
{
    public const int Bytes = 1_024;

    /// <summary>Reads no more than it keeps. Null when there is no body; what came, when it breaks off or takes too long.</summary>
    public static async Task<string?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var (buffer, length, read) = (new byte[Bytes], 0, 0);
        try
        {
            await using var body = await content.ReadAsStreamAsync(cancellationToken);
            while (length < Bytes && (read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
            {
                length += read;
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            // The status has come, and it is what counts.
        }

        return length == 0 ? null : Readable(Encoding.UTF8.GetString(buffer, 0, length));
    }

    /// <summary>PostgreSQL takes no U+0000, and a terminal should not get the others.</summary>
    private static string Readable(string text) => string.Create(text.Length, text, (to, from) =>
    {
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = char.IsControl(from[i]) && from[i] is not ('\n' or '\r' or '\t') ? '\uFFFD' : from[i];
        }
    });
}
