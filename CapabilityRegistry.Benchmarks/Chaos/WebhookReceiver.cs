using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CapabilityRegistry.Benchmarks.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CapabilityRegistry.Benchmarks.Chaos;

/// <summary>Receives webhooks and checks their signatures by itself, by the words of the Standard Webhooks specification.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private static readonly string[] Everything = ["*"];

    private readonly ConcurrentDictionary<long, int> _positions = new();
    private readonly WebApplication _app;
    private byte[] _secret = [];
    private int _received;
    private int _refused;

    private WebhookReceiver(WebApplication app) => _app = app;

    public int Received => _received;

    public int Refused => _refused;

    /// <summary>The positions of which a message with a valid signature came.</summary>
    public bool HasSeen(long position) => _positions.ContainsKey(position);

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.MapPost("/", receiver.ReceiveAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Creates a webhook for everything that happens.</summary>
    public async Task SubscribeAsync(RunningSystem system, CancellationToken cancellationToken)
    {
        var created = await system.InsistAsync(
            () => new(HttpMethod.Post, "/api/webhooks") { Content = JsonContent.Create(new { url = ReadHosts.AddressOf(_app), events = Everything }) }, cancellationToken);
        _secret = Convert.FromBase64String(created.GetProperty("secret").GetString()!["whsec_".Length..]);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        var signed = Encoding.UTF8.GetBytes($"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.").Concat(body.ToArray()).ToArray();
        var expected = $"v1,{Convert.ToBase64String(HMACSHA256.HashData(_secret, signed))}";
        Interlocked.Increment(ref _received);
        if (!request.Headers["webhook-signature"].ToString().Split(' ').Contains(expected))
        {
            Interlocked.Increment(ref _refused);
            return Results.Unauthorized();
        }

        using var message = JsonDocument.Parse(body.ToArray());
        _positions.AddOrUpdate(message.RootElement.GetProperty("data").GetProperty("position").GetInt64(), 1, (_, count) => count + 1);
        return Results.NoContent();
    }
}
