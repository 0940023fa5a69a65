using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CapabilityRegistry.Cli.Http;

/// <summary>An answer as the registry wrote it and as this client reads it.</summary>
internal sealed record Answer<T>(byte[] Json, T Value);

/// <summary>Speaks to one registry as one tenant.</summary>
internal sealed class RegistryClient : IDisposable
{
    /// <summary>How long a plain answer may take. Streams have no limit.</summary>
    private static readonly TimeSpan MostPatience = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;
    private readonly TimeProvider _clock;

    public RegistryClient(Uri url, string tenant, TimeProvider clock)
    {
        _clock = clock;
        Url = url;
        _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), AutomaticDecompression = DecompressionMethods.All })
        {
            BaseAddress = new(url.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("registry", typeof(RegistryClient).Assembly.GetName().Version?.ToString(3)));
        _http.DefaultRequestHeaders.Add("X-Tenant-ID", tenant);
    }

    public Uri Url { get; }

    public Task<Answer<T>> GetAsync<T>(string address, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        AskAsync(new(HttpMethod.Get, address), type, cancellationToken);

    public Task<Answer<T>> PostAsync<T>(string address, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        AskAsync(new(HttpMethod.Post, address), type, cancellationToken);

    public Task<Answer<TAnswer>> PostAsync<TBody, TAnswer>(
        string address, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> type, CancellationToken cancellationToken) =>
        AskAsync(new(HttpMethod.Post, address) { Content = JsonContent.Create(body, bodyType) }, type, cancellationToken);

    /// <summary>Sends a request and returns as soon as the answer begins, for the caller to read as it comes.</summary>
    /// <exception cref="RefusedException">The registry answered with an error.</exception>
    public async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await RefusedException.ReadAsync(response, _clock, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer<T>> AskAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(MostPatience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        using (request)
        {
            using var response = await OpenAsync(request, either.Token);
            var json = await response.Content.ReadAsByteArrayAsync(either.Token);
            return new(json, JsonSerializer.Deserialize(json, type) ?? throw new JsonException("The answer is null."));
        }
    }
}
