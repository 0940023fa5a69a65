using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>A connection on which nothing is corrected: what a client library would refuse to send is sent.</summary>
internal sealed class RawConnection(Uri address) : IDisposable
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private Socket? _socket;
    private int _at;
    private int _end;

    /// <summary>Sends a request and reads the whole answer. The connection is made anew when the server has closed it.</summary>
    public async Task<RawAnswer> SendAsync(RawRequest request, CancellationToken cancellationToken)
    {
        if (_socket is null)
        {
            _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await _socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            (_at, _end) = (0, 0);
        }

        // The answer is read while the request is sent: who is refused early may be told before the end.
        var sending = SendAllAsync(request.ToBytes(address.Authority), cancellationToken);
        var answer = await ReadAsync(request.Method == "HEAD", cancellationToken);
        await sending;
        if (answer.Header("Connection") is "close" || request.IsBroken)
        {
            Dispose();
        }

        return answer;
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async Task SendAllAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await _socket!.SendAsync(bytes, cancellationToken)..];
            }
        }
        catch (SocketException)
        {
            // The server has closed after its answer, which is what counts.
        }
    }

    private async Task<RawAnswer> ReadAsync(bool isHead, CancellationToken cancellationToken)
    {
        while (true)
        {
            var status = int.Parse((await LineAsync(cancellationToken)).Split(' ')[1], CultureInfo.InvariantCulture);
            var headers = new List<(string Name, string Value)>();
            while (await LineAsync(cancellationToken) is { Length: > 0 } line)
            {
                headers.Add((line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Trim()));
            }

            if (status >= 200)
            {
                var answer = new RawAnswer(status, headers, []);
                return isHead || status is 204 or 304 ? answer : answer with { Body = await BodyAsync(answer, cancellationToken) };
            }
        }
    }

    private async Task<byte[]> BodyAsync(RawAnswer answer, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        if (answer.Header("Transfer-Encoding") is "chunked")
        {
            while (int.Parse(await LineAsync(cancellationToken), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var length)
            {
                await TakeAsync(body, length, cancellationToken);
                await LineAsync(cancellationToken);
            }

            await LineAsync(cancellationToken);
        }
        else if (answer.Header("Content-Length") is { } length)
        {
            await TakeAsync(body, int.Parse(length, CultureInfo.InvariantCulture), cancellationToken);
        }

        return body.ToArray();
    }

    private async Task TakeAsync(MemoryStream body, int count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            await FillAsync(cancellationToken);
            var taken = Math.Min(count, _end - _at);
            body.Write(_buffer, _at, taken);
            (_at, count) = (_at + taken, count - taken);
        }
    }

    private async Task<string> LineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            await FillAsync(cancellationToken);
            var c = (char)_buffer[_at++];
            if (c == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(c);
        }
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        if (_at == _end)
        {
            (_at, _end) = (0, await _socket!.ReceiveAsync(_buffer, cancellationToken));
            if (_end == 0)
            {
                Dispose();
                throw new IOException("The server closed the connection before the end of its answer.");
            }
        }
    }
}
