using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CapabilityRegistry.Tests.Testing;

/// <summary>An S3-compatible store on loopback, as little of it as copying a file there and back needs: it puts, tells of and gives objects of one bucket, path-style, to
/// whoever signs by AWS Signature Version 4 with its one key, and refuses everything else.</summary>
internal sealed class StrictS3 : IAsyncDisposable
{
    public const string Bucket = "apg-backups";
    public const string KeyId = "AKIDOFTESTS";
    public const string Secret = "secret-of-tests";
    public const string Region = "eu-test-1";

    private readonly WebApplication _app;

    private StrictS3(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>What was refused, and why.</summary>
    public ConcurrentQueue<string> Refusals { get; } = new();

    /// <summary>Keeps something else than what it was sent, and says nothing.</summary>
    public bool IsFaulty { get; set; }

    public static async Task<StrictS3> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var store = new StrictS3(app);
        app.Run(store.AnswerAsync);
        await app.StartAsync();
        store.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (S3Signature.Fault(context.Request, body.ToArray()) is { } fault)
        {
            Refuse(context, StatusCodes.Status403Forbidden, fault);
            return;
        }

        var path = context.Request.Path.Value!;
        if (!path.StartsWith($"/{Bucket}/", StringComparison.Ordinal) || path.Length == Bucket.Length + 2)
        {
            Refuse(context, StatusCodes.Status501NotImplemented, "no object");
            return;
        }

        await AnswerAsync(context, path[(Bucket.Length + 2)..], body.ToArray());
    }

    private async Task AnswerAsync(HttpContext context, string key, byte[] body)
    {
        switch (context.Request.Method)
        {
            case "PUT":
                context.Response.Headers.ETag = ETag(body);
                Objects[key] = IsFaulty ? [.. body.Reverse()] : body;
                break;
            case "HEAD" or "GET" when !Objects.ContainsKey(key):
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
            case "HEAD" or "GET":
                var kept = Objects[key];
                (context.Response.ContentLength, context.Response.Headers.ETag, context.Response.Headers.LastModified) = (kept.Length, ETag(kept), "Thu, 26 Nov 2026 20:00:00 GMT");
                if (context.Request.Method == "GET")
                {
                    await context.Response.Body.WriteAsync(kept);
                }

                break;
            default:
                Refuse(context, StatusCodes.Status501NotImplemented, "no such operation");
                break;
        }
    }

    private void Refuse(HttpContext context, int status, string reason)
    {
        Refusals.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}: {reason}");
        context.Response.StatusCode = status;
    }

    // By S3's own definition of an ETag.
#pragma warning disable CA5351
    private static string ETag(byte[] body) => $"\"{Convert.ToHexStringLower(MD5.HashData(body))}\"";
#pragma warning restore CA5351
}
