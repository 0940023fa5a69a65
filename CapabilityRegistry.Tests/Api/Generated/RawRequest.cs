using System.Globalization;
using System.Text;

namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>A request as it goes over the wire. Target and headers are Latin-1: a character is a byte.</summary>
internal sealed class RawRequest(ApiOperation operation, string method, string target)
{
    public ApiOperation Operation { get; } = operation;

    public string Method { get; set; } = method;

    public string Target { get; set; } = target;

    public List<(string Name, string Value)> Headers { get; } = [];

    public byte[] Body { get; set; } = [];

    /// <summary>Whether it is sent in pieces instead of with its length.</summary>
    public bool IsChunked { get; set; }

    /// <summary>Whether it is no HTTP that a server has to pass on: it may close the connection with a bare refusal.</summary>
    public bool IsBroken => Method == "CONNECT" || Target.Length > 8_000 || Target.Any(c => c is <= ' ' or >= '\x7f') || Target.Contains("%00", StringComparison.Ordinal)
        || Headers.Sum(h => h.Name.Length + h.Value.Length + 4) > 30_000 || Headers.Exists(h => h.Value.Any(c => c is (< ' ' and not '\t') or >= '\x7f'));

    public void Set(string header, string value)
    {
        Headers.RemoveAll(h => string.Equals(h.Name, header, StringComparison.OrdinalIgnoreCase));
        Headers.Add((header, value));
    }

    public bool Has(string header, string value) => Headers.Count(h => string.Equals(h.Name, header, StringComparison.OrdinalIgnoreCase)) == 1 && Headers.Exists(h => string.Equals(h.Name, header, StringComparison.OrdinalIgnoreCase) && h.Value == value);

    public byte[] ToBytes(string host)
    {
        var head = new StringBuilder($"{Method} {Target} HTTP/1.1\r\nHost: {host}\r\n");
        foreach (var (name, value) in Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        head.Append(IsChunked ? "Transfer-Encoding: chunked\r\n\r\n" : Body.Length > 0 || Method is not ("GET" or "HEAD") ? $"Content-Length: {Body.Length}\r\n\r\n" : "\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. IsChunked ? Chunks() : Body];
    }

    /// <summary>The access tokens by the roles that they were given for.</summary>
    public IReadOnlyDictionary<string, string> Tokens { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Everything that is needed to send it again; the token by its roles.</summary>
    public override string ToString() =>
        $"{Method} {Target}\n{string.Join('\n', Headers.Select(h => $"{h.Name}: {Shown(h.Value)}"))}\nbody{(IsChunked ? " in chunks" : "")}, base64: {(Body.Length > 20_000 ? $"{Convert.ToBase64String(Body, 0, 600)}... ({Body.Length} bytes)" : Convert.ToBase64String(Body))}";

    private string Shown(string value) => Tokens.TryGetValue(value, out var token) ? $"<{token}>" : value.Length > 2_000 ? $"{value[..100]}... ({value.Length} characters)" : value;

    private byte[] Chunks()
    {
        var half = Body.Length / 2;
        var pieces = new[] { Body[..half], Body[half..] }.Where(p => p.Length > 0).SelectMany(p => (byte[])[.. Encoding.ASCII.GetBytes($"{p.Length:x}\r\n"), .. p, .. "\r\n"u8]);
        return [.. pieces, .. "0\r\n\r\n"u8];
    }
}

/// <summary>What came back.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    public string? Header(string name) => Headers.Where(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).FirstOrDefault();

    /// <summary>Whether it is the server's own refusal of what is no HTTP.</summary>
    public bool IsBare => Status is >= 400 and < 500 && Body.Length == 0 && Header("Content-Type") is null && Header("X-Request-ID") is null;

    public override string ToString() => $"{Status}\n{string.Join('\n', Headers.Select(h => $"{h.Name}: {h.Value}"))}\n\n{Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 2_000)))}";
}
