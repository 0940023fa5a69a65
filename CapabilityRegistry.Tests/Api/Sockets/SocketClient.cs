using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Sockets;

/// <summary>A client of the socket. It reads when it is asked for something, and no earlier.</summary>
internal sealed class SocketClient : IAsyncDisposable
{
    private static readonly JsonSerializerOptions WithoutNull = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    /// <summary>After so much silence a test has failed, and would wait for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ClientWebSocket _socket;
    private readonly SocketsHttpHandler _handler;
    private readonly byte[] _buffer = new byte[4 * 1024 * 1024];

    private SocketClient(ClientWebSocket socket, SocketsHttpHandler handler) => (_socket, _handler) = (socket, handler);

    /// <summary>The first message.</summary>
    public JsonElement Hello { get; private set; }

    public string ConnectionId => Hello.GetProperty("connection_id").GetString()!;

    /// <summary>All updates of the registry that were read.</summary>
    public List<JsonElement> Updates { get; } = [];

    /// <summary>The composition as it was shown last.</summary>
    public JsonElement? Composition { get; private set; }

    public string? SubProtocol => _socket.SubProtocol;

    /// <summary>The code of the close frame, once it was read.</summary>
    public int? CloseCode => (int?)_socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    /// <summary>The position that the close frame names.</summary>
    public long ClosePosition => long.Parse(_socket.CloseStatusDescription!.Split('=', ';')[1], System.Globalization.CultureInfo.InvariantCulture);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    /// <summary>Connects with a token of the tenant's administrator, or of a client with roles.</summary>
    public static async Task<SocketClient> ConnectAsync(RegistryApp app, string tenant, params string[] roles) =>
        await OpenAsync(app, $"/api/ws/{tenant}", roles.Length == 0 ? await app.Tokens.OfAsync(tenant) : await app.Tokens.OfAsync(tenant, roles));

    /// <summary>Connects, and reads the first message.</summary>
    public static async Task<SocketClient> OpenAsync(RegistryApp app, string path, string? token, Action<ClientWebSocketOptions>? options = null, bool slow = false)
    {
        var client = await DialAsync(app, path, token, options, slow);
        client.Hello = await client.NextAsync("connection");
        return client;
    }

    /// <summary>The status of a handshake that is refused.</summary>
    public static async Task<HttpStatusCode> RefusedAsync(RegistryApp app, string path, string? token, Action<ClientWebSocketOptions>? options = null)
    {
        using var socket = new ClientWebSocket();
        using var handler = new SocketsHttpHandler();
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        Prepare(socket, token, options);
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(AddressOf(app, path), invoker, Test));
        return socket.HttpStatusCode;
    }

    public Task SendAsync(string json) => SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text);

    public Task SendAsync(byte[] bytes, WebSocketMessageType type, bool isLast = true) => _socket.SendAsync(bytes, type, isLast, Test);

    /// <summary>Subscribes, and gives the position that it begins at.</summary>
    public async Task<long> SubscribeAsync(long? since = null, params string[] events)
    {
        await SendAsync(JsonSerializer.Serialize(new { type = "subscribe", events = events.Length == 0 ? ["*"] : events, since }, WithoutNull));
        return (await NextAsync("subscribed")).GetProperty("position").GetInt64();
    }

    /// <summary>The next message of a type. Updates on the way are kept, other messages are not.</summary>
    public async Task<JsonElement> NextAsync(string type, Func<JsonElement, bool>? where = null)
    {
        while (true)
        {
            var message = await ReadAsync() ?? throw new InvalidOperationException($"The socket was closed with {CloseCode} {CloseReason} before there was a {type}.");
            if (message.GetProperty("type").GetString() == type && (where is null || where(message)))
            {
                return message;
            }
        }
    }

    /// <summary>Reads until the composition is shown as it is at a position.</summary>
    public async Task<JsonElement> ShownAtAsync(long position)
    {
        while (Composition?.GetProperty("position").GetInt64() is not { } shown || shown < position)
        {
            Assert.NotNull(await ReadAsync());
        }

        return Composition.Value;
    }

    /// <summary>The next message of one of several types.</summary>
    public async Task<JsonElement> NextAsync(string one, string other)
    {
        while (true)
        {
            var message = await ReadAsync() ?? throw new InvalidOperationException($"The socket was closed with {CloseCode} {CloseReason} before there was a {one} or {other}.");
            if (message.GetProperty("type").GetString() is { } type && (type == one || type == other))
            {
                return message;
            }
        }
    }

    /// <summary>Reads updates until there are so many in all.</summary>
    public async Task<IReadOnlyList<JsonElement>> UpdatesAsync(int count)
    {
        while (Updates.Count < count)
        {
            Assert.NotNull(await ReadAsync());
        }

        return Updates;
    }

    /// <summary>Reads to the close frame, and answers it.</summary>
    public async Task<int> CloseAsync()
    {
        while (await ReadAsync() is not null)
        {
        }

        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Test);
        return CloseCode!.Value;
    }

    /// <summary>Asks to close, and reads to the other side's close frame.</summary>
    public async Task<int> SayGoodbyeAsync()
    {
        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Test);
        while (await ReadAsync() is not null)
        {
        }

        return CloseCode!.Value;
    }

    /// <summary>Cuts the connection without a word.</summary>
    public void Cut() => _socket.Abort();

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _handler.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The next message; null when there is the close frame instead.</summary>
    public async Task<JsonElement?> ReadAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Test);
        patience.CancelAfter(Patience);
        for (var length = 0; ;)
        {
            var received = await _socket.ReceiveAsync(_buffer.AsMemory(length), patience.Token);
            if (received.MessageType is WebSocketMessageType.Close)
            {
                return null;
            }

            length += received.Count;
            if (received.EndOfMessage)
            {
                var message = JsonElement.Parse(_buffer.AsSpan(0, length));
                Keep(message);

                return message;
            }
        }
    }

    private void Keep(JsonElement message)
    {
        switch (message.GetProperty("type").GetString())
        {
            case "registry_update":
                Updates.Add(message);
                break;
            case "composition":
                Composition = message;
                break;
        }
    }

    private static async Task<SocketClient> DialAsync(RegistryApp app, string path, string? token, Action<ClientWebSocketOptions>? options, bool slow)
    {
        var (socket, handler) = (new ClientWebSocket(), new SocketsHttpHandler());
        if (slow)
        {
            handler.ConnectCallback = ConnectSlowlyAsync;
        }

        Prepare(socket, token, options);
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        await socket.ConnectAsync(AddressOf(app, path), invoker, Test);
        return new(socket, handler);
    }

    private static void Prepare(ClientWebSocket socket, string? token, Action<ClientWebSocketOptions>? options)
    {
        socket.Options.CollectHttpResponseDetails = true;
        if (token is not null)
        {
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        }

        options?.Invoke(socket.Options);
    }

    private static Uri AddressOf(RegistryApp app, string path) => new($"ws://{app.Http.BaseAddress!.Authority}{path}");

    /// <summary>A connection that takes little before it is read from.</summary>
    private static async ValueTask<Stream> ConnectSlowlyAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 65_536 };
        await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
