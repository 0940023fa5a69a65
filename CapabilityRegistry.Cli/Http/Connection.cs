using System.Net;
using System.Net.Http.Headers;

namespace CapabilityRegistry.Cli.Http;

/// <summary>Sends single requests to one registry and tells answers from errors.</summary>
internal sealed class Connection : IDisposable
{
    /// <summary>How long a plain answer may take. Streams have no limit.</summary>
    private static readonly TimeSpan MostPatience = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;
    private readonly TimeProvider _clock;

    public Connection(Uri url, TimeProvider clock)
    {
        _clock = clock;
        Url = url.GetLeftPart(UriPartial.Path).TrimEnd('/');
        // A redirect would carry a client's secret to wherever the answer points.
        _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), AutomaticDecompression = DecompressionMethods.All, AllowAutoRedirect = false })
        {
            BaseAddress = new(Url + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("registry", typeof(Connection).Assembly.GetName().Version?.ToString(3)));
    }

    /// <summary>The registry's address, always written the same way: logins are kept by it.</summary>
    public string Url { get; }

    /// <summary>Whether somebody on the way could read along.</summary>
    public bool IsInClear => _http.BaseAddress is { IsLoopback: false } address && address.Scheme == Uri.UriSchemeHttp;

    /// <summary>Sends a request, as nobody when there is no token, and returns as soon as the answer begins.</summary>
    /// <exception cref="RefusedException">The registry answered with an error.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? token, CancellationToken cancellationToken)
    {
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

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

    /// <summary>Reads as nobody, whatever the answer's status: where a 503 has a body of its own to say why.</summary>
    public Task<HttpResponseMessage> ProbeAsync(string address, CancellationToken cancellationToken) => _http.GetAsync(new Uri(address, UriKind.Relative), cancellationToken);

    /// <summary>Runs an exchange that ends with a plain answer, for as long as one may take.</summary>
    public async Task<T> PatientlyAsync<T>(Func<CancellationToken, Task<T>> exchange, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(MostPatience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        return await exchange(either.Token);
    }

    public void Dispose() => _http.Dispose();
}
