using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using CapabilityRegistry.Data.Webhooks;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Worker.Webhooks;

/// <summary>Calls receivers. Connects only to addresses that <see cref="WebhookTargets"/> allows at that moment; follows nothing, sends no cookies, asks no proxy, and passes on no trace.</summary>
/// <remarks>Has a handler of its own, not one of the factory's: none of the defaults that others get (retries, service discovery, whatever comes later) may ever apply to addresses that
/// strangers choose.</remarks>
internal sealed class WebhookClient : IDisposable
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(5);
    private static readonly ProductInfoHeaderValue Agent = new("CapabilityRegistry-Webhooks", "1.0");

    private readonly WebhookTargets _targets;
    private readonly WebhookSecrets _secrets;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _timeout;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpMessageInvoker _http;

    public WebhookClient(WebhookTargets targets, WebhookSecrets secrets, IOptions<WebhooksOptions> options, TimeProvider clock)
    {
        (_targets, _secrets, _clock, _timeout) = (targets, secrets, clock, TimeSpan.FromSeconds(options.Value.TimeoutSeconds));
        _handler = new()
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = _timeout,
            MaxConnectionsPerServer = options.Value.Concurrency,
            MaxResponseDrainSize = 0,
            MaxResponseHeadersLength = 16,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            UseCookies = false,
            UseProxy = false,
        };
        _http = new(_handler);
    }

    /// <summary>Makes one attempt. Whatever the receiver does, it ends in time and as a result.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The secret cannot be read.</exception>
    public async Task<AttemptResult> SendAsync(ClaimedDelivery delivery, CancellationToken cancellationToken)
    {
        var (started, since) = (_clock.GetUtcNow(), _clock.GetTimestamp());
        using var timeout = new CancellationTokenSource(_timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = Sign(delivery, started);
        AttemptResult Ended(AttemptOutcome outcome, string error) => new(started, _clock.GetElapsedTime(since), outcome, Error: error);
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            var start = await ResponseStart.ReadAsync(response.Content, either.Token);
            return Answered(response, start, new(started, _clock.GetElapsedTime(since), AttemptOutcome.Delivered));
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return Ended(AttemptOutcome.TimedOut, string.Create(CultureInfo.InvariantCulture, $"No answer in {_timeout.TotalSeconds} s."));
        }
        catch (HttpRequestException exception)
        {
            return Causes(exception).OfType<TargetRefusedException>().FirstOrDefault() is { } refused
                ? Ended(AttemptOutcome.Refused, refused.Message)
                : Ended(AttemptOutcome.Unreachable, Reason(exception));
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }

    private HttpRequestMessage Sign(ClaimedDelivery delivery, DateTimeOffset now)
    {
        var (id, timestamp) = (WebhookSignature.MessageId(delivery.DeliveryId), now.ToUnixTimeSeconds());
        var secrets = _secrets.LiveOf(delivery.WebhookId, delivery.Secret, delivery.PreviousSecret, delivery.PreviousSecretExpiresAt, now);
        var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url) { Content = new ByteArrayContent(delivery.Payload) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.UserAgent.Add(Agent);
        request.Headers.Add(WebhookSignature.IdHeader, id);
        request.Headers.Add(WebhookSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(id, timestamp, delivery.Payload, secrets));
        return request;
    }

    private AttemptResult Answered(HttpResponseMessage response, string? start, AttemptResult result)
    {
        var status = (short)response.StatusCode;
        result = result with { Status = status, Response = start };
        return status is >= 200 and < 300 ? result : result with
        {
            Outcome = status == 410 ? AttemptOutcome.Gone : AttemptOutcome.Rejected,
            Error = status is >= 300 and < 400 ? $"Answered {status}; redirects are not followed." : $"Answered {status}.",
            RetryAfter = response.Headers.RetryAfter is not { } wish ? null : wish.Delta ?? wish.Date - _clock.GetUtcNow(),
        };
    }

    /// <summary>Looks the name up, and connects to what it has looked at: nothing can lie in between.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await _targets.VetAsync(context.DnsEndPoint.Host, cancellationToken);
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                using var patience = new CancellationTokenSource(ConnectPatience, _clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
                await socket.ConnectAsync(address, context.DnsEndPoint.Port, either.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception exception) when (exception is SocketException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                socket.Dispose();
                last = exception as SocketException ?? new((int)SocketError.TimedOut);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last!;
    }

    /// <summary>For the webhook's owner: what failed, without anything about the network that we are in.</summary>
    private static string Reason(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "The host's name cannot be resolved.",
        HttpRequestError.ConnectionError => "No connection.",
        HttpRequestError.SecureConnectionError => $"No TLS connection: {exception.GetBaseException().Message}",
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => "The answer is no HTTP.",
        HttpRequestError.ResponseEnded => "The connection ended before the answer.",
        HttpRequestError.ConfigurationLimitExceeded => "The answer's headers are too large.",
        _ => "The exchange failed.",
    };

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (Exception? at = exception; at is not null; at = at.InnerException)
        {
            yield return at;
        }
    }
}
