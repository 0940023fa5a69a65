using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using CapabilityRegistry.Benchmarks.Proxies;

namespace CapabilityRegistry.Benchmarks.Clients;

/// <summary>Follows the registry over a WebSocket through the proxy, and comes back after the last position that it knows whenever the socket ends.</summary>
internal sealed class Follower(int port, string token, Samples samples)
{
    private readonly List<long> _positions = [];
    private long _last;

    /// <summary>The events that came, in the order in which they came.</summary>
    public IReadOnlyList<long> Positions => _positions;

    /// <summary>How often a socket ended, by what its close frame said; 0 where there was none.</summary>
    public ConcurrentDictionary<int, int> Closes { get; } = new();

    /// <summary>The position of the last of them.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Follows from a position on until it is told to leave.</summary>
    public async Task RunAsync(long since, CancellationToken leave)
    {
        _last = since;
        try
        {
            while (true)
            {
                using var socket = await ConnectAsync(leave);
                if (socket is not null)
                {
                    await FollowAsync(socket, leave);
                    Closes.AddOrUpdate((int?)socket.CloseStatus ?? 0, 1, (_, count) => count + 1);
                }
            }
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            // Everything is there.
        }
    }

    private async Task<ClientWebSocket?> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => ProxyFolder.IsOurs(certificate);
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        var isConnected = await samples.TakeAsync("socket", async () =>
        {
            try
            {
                await socket.ConnectAsync(new($"wss://127.0.0.1:{port}/api/ws/default"), cancellationToken);
                await SendAsync(socket, $$"""{"type":"subscribe","events":["*"],"since":{{_last}}}""", cancellationToken);
                return null;
            }
            catch (WebSocketException exception)
            {
                return $"{exception.Message} {exception.InnerException?.Message}";
            }
        });
        if (isConnected)
        {
            return socket;
        }

        socket.Dispose();
        return null;
    }

    private async Task FollowAsync(ClientWebSocket socket, CancellationToken leave)
    {
        while (await NextAsync(socket, leave) is { } message)
        {
            if (message.GetProperty("type").GetString() == "registry_update")
            {
                _positions.Add(message.GetProperty("position").GetInt64());
                Volatile.Write(ref _last, _positions[^1]);
            }
        }
    }

    /// <summary>The next message; null when the socket ends.</summary>
    private static async Task<JsonElement?> NextAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[65_536];
        try
        {
            for (var length = 0; ;)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
                    return null;
                }

                length += received.Count;
                if (received.EndOfMessage)
                {
                    return JsonElement.Parse(buffer.AsSpan(0, length));
                }
            }
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    private static Task SendAsync(ClientWebSocket socket, string text, CancellationToken cancellationToken) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
}
