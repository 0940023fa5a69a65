using System.Net.Sockets;
using System.Text;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Contract;

/// <summary>A connection on which a test says every byte and when: for requests that hang, and answers that come while they are still being sent.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private readonly StringBuilder _received = new();
    private NetworkStream _stream = null!;

    public static async Task<RawConnection> OpenAsync(RegistryApp app)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(app.Http.BaseAddress!.Host, app.Http.BaseAddress.Port, TestContext.Current.CancellationToken);
        connection._stream = connection._client.GetStream();
        return connection;
    }

    /// <summary>Sends the head of a request by the usual client, whose body follows in chunks.</summary>
    public Task SendHeadAsync(RegistryApp app, string request, string contentType) =>
        SendAsync($"{request} HTTP/1.1\r\nHost: registry\r\nAuthorization: {app.Http.DefaultRequestHeaders.Authorization}\r\nContent-Type: {contentType}\r\nTransfer-Encoding: chunked\r\n\r\n");

    public Task SendChunkAsync(string text) => SendAsync($"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n");

    public Task SendEndAsync() => SendAsync("0\r\n\r\n");

    public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);

    /// <summary>Everything that has come, once it holds a text.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        var buffer = new byte[16 * 1024];
        while (!_received.ToString().Contains(text, StringComparison.Ordinal))
        {
            var read = await _stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            Assert.True(read > 0, $"The connection ended after: {_received}");
            _received.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return _received.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _stream.DisposeAsync();
    }
}
