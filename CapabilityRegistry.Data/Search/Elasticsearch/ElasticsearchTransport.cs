using System.Net;
using System.Net.Http.Headers;
using Polly;
using Polly.CircuitBreaker;

namespace CapabilityRegistry.Data.Search.Elasticsearch;

/// <summary>What came back.</summary>
internal sealed record Reply(HttpStatusCode Status, byte[] Body)
{
    public bool IsMissing => Status is HttpStatusCode.NotFound;
}

/// <summary>Sends single requests over clients of <see cref="IHttpClientFactory"/>, with their service discovery and resilience.</summary>
/// <remarks>Plain JSON in both directions: the vendor types of Elasticsearch 8 are refused by older servers, and unknown to OpenSearch.</remarks>
public sealed class ElasticsearchTransport(IHttpClientFactory clients)
{
    /// <summary>The client of searches: soon done, or given up.</summary>
    public const string Searching = "elasticsearch-search";

    /// <summary>The client of everything else: patient.</summary>
    public const string Indexing = "elasticsearch-index";

    internal const string Json = "application/json";
    internal const string LinesOfJson = "application/x-ndjson";

    /// <summary>Sends a request.</summary>
    /// <returns>An answer of 2xx, or 404 where that says something.</returns>
    /// <exception cref="ElasticsearchException">It was refused.</exception>
    internal async Task<Reply> SendAsync(string client, HttpMethod method, string path, ReadOnlyMemory<byte>? body = null, string contentType = Json, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.Add(new(Json));
        request.Headers.TryAddWithoutValidation("X-Opaque-Id", $"capability-registry/{client}");
        if (body is { } bytes)
        {
            request.Content = new ReadOnlyMemoryContent(bytes);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        var reply = await SendAsync(client, request, cancellationToken);
        return (int)reply.Status is >= 200 and < 300 or 404 ? reply
            : IsTransient(reply.Status) ? throw new ElasticsearchUnavailableException((int)reply.Status, ErrorText.Of(reply.Body))
            : throw new ElasticsearchException((int)reply.Status, ErrorText.Of(reply.Body));
    }

    /// <summary>Whether the same request may succeed later. Since release 9 a timeout is 429.</summary>
    internal static bool IsTransient(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)status >= 500;

    private async Task<Reply> SendAsync(string client, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var http = clients.CreateClient(client);
            using var response = await http.SendAsync(request, cancellationToken);
            return new(response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException or ExecutionRejectedException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ElasticsearchUnavailableException(0, exception is BrokenCircuitException ? "it has failed too often, and is left alone for a while." : exception.Message, exception);
        }
    }
}
