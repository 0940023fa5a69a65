using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using CapabilityRegistry.Benchmarks.Proxies;
using CapabilityRegistry.Standalone.Postgres;
using CapabilityRegistry.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CapabilityRegistry.Tests.Deploy;

/// <summary>The committed configuration of NGINX, checked by NGINX, and at work in front of the API.</summary>
public sealed class NginxTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private int ApiPort => registry.App.Http.BaseAddress!.Port;

    [Fact]
    public async Task Nginx_accepts_it()
    {
        var result = await Nginx.CheckAsync(Tool.Require("nginx"));
        Tool.Succeeded(result);
        Assert.DoesNotContain("[emerg]", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_through_it_is_what_the_api_says_and_nothing_is_said_twice()
    {
        await using var nginx = await Nginx.StartAsync(Tool.Require("nginx"), ApiPort);
        using var http = await ClientAsync(nginx);
        using var answer = await http.GetAsync(new Uri("/api/capabilities?search=s3cret-query", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotNull(answer.Headers.ETag);
        foreach (var header in (string[])["X-Frame-Options", "X-Content-Type-Options", "Strict-Transport-Security", "Referrer-Policy", "Content-Security-Policy", "X-Request-ID"])
        {
            Assert.Single(answer.Headers.GetValues(header));
        }

        var log = await nginx.ReadAccessLogAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("s3cret-query", log, StringComparison.Ordinal);
        Assert.Contains("\"path\":\"/api/capabilities\"", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_is_sent_to_https_and_metrics_are_for_nobody()
    {
        await using var nginx = await Nginx.StartAsync(Tool.Require("nginx"), ApiPort);
        using var plain = ProxyFolder.Client(nginx.HttpPort, "http");
        using var moved = await plain.GetAsync(new Uri("/api/capabilities?page=2", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.MovedPermanently, $"https://{ProxyFolder.Host}/api/capabilities?page=2"), (moved.StatusCode, moved.Headers.Location?.ToString()));
        using var http = ProxyFolder.Client(nginx.HttpsPort);
        using var denied = await http.GetAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
    }

    [Fact]
    public async Task An_import_is_answered_line_by_line_while_it_is_still_being_sent()
    {
        await using var nginx = await Nginx.StartAsync(Tool.Require("nginx"), ApiPort);
        using var http = await ClientAsync(nginx);
        using var content = new Dialogue();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/capabilities/import") { Content = content, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var sending = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        // HTTP/2, in which a client may read before it has written everything. More than any buffer on the way holds: an answer to the first lines can come only when nobody waits for the last.
        var more = string.Concat(Enumerable.Range(0, 600).Select(i => $"{Sample.Manifest($"stream-{i}", more: $"\"long_description\":\"{new string('x', 2000)}\"")}\n"));
        await content.SendAsync(more);
        using var answer = await sending;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Contains("created", await lines.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await content.SendAsync($"{Sample.Manifest("stream-last")}\n");
        content.Complete();
        var rest = await lines.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("stream-last", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_too_often_gets_the_problem_that_the_api_would_give()
    {
        await using var nginx = await Nginx.StartAsync(Tool.Require("nginx"), ApiPort, isLimited: true);
        using var http = await ClientAsync(nginx);
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(async _ => await Answer.OfAsync(await http.GetAsync(new Uri("/api/capabilities", UriKind.Relative), TestContext.Current.CancellationToken))));
        Assert.Contains(answers, a => a.Status == 200);
        var refused = answers.Where(a => a.Status != 200).ToArray();
        Assert.NotEmpty(refused);
        Assert.All(refused, a => Assert.Equal((429, "RATE_LIMIT_ERROR"), (a.Status, a.ErrorCode)));
        Assert.NotNull(refused[0].Headers.RetryAfter);
    }

    [Fact]
    public async Task When_no_replica_answers_it_says_so_as_the_api_would()
    {
        await using var nginx = await Nginx.StartAsync(Tool.Require("nginx"), LoopbackPort.PickFree());
        using var http = await ClientAsync(nginx);
        var answer = await Answer.OfAsync(await http.GetAsync(new Uri("/api/capabilities", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal((503, "UNAVAILABLE"), (answer.Status, answer.ErrorCode));
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_write_that_was_sent_is_never_sent_again_and_a_read_is()
    {
        await using var broken = new BreakingBackend();
        await using var nginx = await Nginx.StartAsync(Tool.Require("nginx"), broken.Port, ApiPort);
        using var http = await ClientAsync(nginx);
        var (writes, reads) = (0, 0);

        // Least connections, alternating: of a few requests some go to the broken one first. Three failures keep it out.
        for (var i = 0; i < 4 && broken.Requests.IsEmpty; i++, writes++)
        {
            using var body = new StringContent(Sample.Manifest($"once-{i}"), new MediaTypeHeaderValue("application/json"));
            using var answer = await http.PostAsync(new Uri("/api/capabilities", UriKind.Relative), body, TestContext.Current.CancellationToken);
            Assert.Equal(broken.Requests.IsEmpty ? HttpStatusCode.Created : HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }

        Assert.Equal(["POST /api/capabilities HTTP/1.1"], broken.Requests);
        Assert.Equal(404, (await registry.App.GetAsync($"/api/capabilities/once-{writes - 1}")).Status);

        for (; reads < 6; reads++)
        {
            using var answer = await http.GetAsync(new Uri("/api/capabilities", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Contains(broken.Requests, r => r.StartsWith("GET ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_write_is_taken_by_another_replica_when_one_cannot_be_reached()
    {
        await using var nginx = await Nginx.StartAsync(Tool.Require("nginx"), LoopbackPort.PickFree(), ApiPort);
        using var http = await ClientAsync(nginx);
        for (var i = 0; i < 4; i++)
        {
            using var body = new StringContent(Sample.Manifest($"elsewhere-{i}"), new MediaTypeHeaderValue("application/json"));
            using var answer = await http.PostAsync(new Uri("/api/capabilities", UriKind.Relative), body, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_socket_is_passed_on()
    {
        await using var echo = await EchoAsync();
        await using var nginx = await Nginx.StartAsync(Tool.Require("nginx"), new Uri(echo.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port);
        using var socket = new ClientWebSocket();
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => ProxyFolder.IsOurs(certificate);
        await socket.ConnectAsync(new($"wss://127.0.0.1:{nginx.HttpsPort}/api/ws"), TestContext.Current.CancellationToken);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
        var buffer = new byte[64];
        var received = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, received.Count));
    }

    private async Task<HttpClient> ClientAsync(Nginx nginx)
    {
        var http = ProxyFolder.Client(nginx.HttpsPort);
        http.DefaultRequestHeaders.Authorization = new("Bearer", await registry.App.Tokens.OfAsync(TestTokens.Tenant));
        return http;
    }

    private static async Task<WebApplication> EchoAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseWebSockets();
        app.Map("/api/ws", async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[64];
            var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, endOfMessage: true, context.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    /// <summary>A body that is sent piece by piece, while the answer is read.</summary>
    private sealed class Dialogue : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Dialogue() => Headers.ContentType = new("application/x-ndjson");

        public async Task SendAsync(string text)
        {
            var stream = await _stream.Task;
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);
            await stream.FlushAsync(TestContext.Current.CancellationToken);
        }

        public void Complete() => _complete.SetResult();

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _stream.SetResult(stream);
            return _complete.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
