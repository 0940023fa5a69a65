using System.Net.WebSockets;

namespace CapabilityRegistry.Api.Sockets;

/// <summary>Reads the messages of a socket, none longer than the limit.</summary>
internal sealed class SocketInput(WebSocket socket, SocketOptions options)
{
    private const int FirstBytes = 1_024;

    private byte[] _buffer = new byte[FirstBytes];

    /// <summary>The next message, good until the call after; or why there is none.</summary>
    public async Task<(ReadOnlyMemory<byte> Message, SocketClose? End)> ReadAsync()
    {
        if (_buffer.Length > 16 * FirstBytes)
        {
            // One long message should not cost memory for as long as the socket lives.
            _buffer = new byte[FirstBytes];
        }

        for (var length = 0; ;)
        {
            var received = await socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None);
            length += received.Count;
            if (received.MessageType is not WebSocketMessageType.Text)
            {
                return (default, received.MessageType is WebSocketMessageType.Close ? SocketClose.Normal : SocketClose.NotText);
            }

            if (length > options.MessageBytes)
            {
                return (default, SocketClose.TooLong);
            }

            if (received.EndOfMessage)
            {
                return (_buffer.AsMemory(0, length), null);
            }

            if (length == _buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Min(2 * length, options.MessageBytes + 1));
            }
        }
    }
}
