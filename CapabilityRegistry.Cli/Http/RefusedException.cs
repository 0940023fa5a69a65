using System.Net;
using System.Text.Json;

namespace CapabilityRegistry.Cli.Http;

/// <summary>The registry answered with an error.</summary>
internal sealed class RefusedException(HttpStatusCode status, Problem problem, TimeSpan? retryAfter) : Exception(problem.Detail ?? problem.Title)
{
    /// <summary>The longest that is waited for a registry on its own word; past that, people decide.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    public Problem Problem { get; } = problem;

    /// <summary>How long the registry asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    public int Status => (int)status;

    public bool IsRateLimit => status is HttpStatusCode.TooManyRequests;

    /// <summary>Whether the same request may well succeed a little later. A gateway says 502 and 504 while the registry behind it restarts.</summary>
    public bool IsTransient =>
        (IsRateLimit || status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout)
        && !(RetryAfter > LongestWait);

    /// <summary>Whether the request was understood and the answer is no.</summary>
    public bool IsNegativeAnswer => Problem.ErrorCode is "RESOURCE_NOT_FOUND" or "COMPOSITION_ERROR";

    public static async Task<RefusedException> ReadAsync(HttpResponseMessage response, TimeProvider clock, CancellationToken cancellationToken)
    {
        var retryAfter = response.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - clock.GetUtcNow() : null;
        var problem = response.Headers.Location is { } elsewhere
            ? new Problem("The registry is elsewhere.", $"It has moved to {elsewhere}. If you trust that address, give it with --url.")
            : await ReadProblemAsync(response, cancellationToken);
        return new(response.StatusCode, problem, retryAfter < TimeSpan.Zero ? TimeSpan.Zero : retryAfter);
    }

    private static async Task<Problem> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (response.Content.Headers.ContentType?.MediaType is "application/problem+json" or "application/json"
                && JsonSerializer.Deserialize(body, RegistryJson.Default.Problem) is { } problem)
            {
                return problem;
            }
        }
        catch (JsonException)
        {
            // What a proxy or a strange server says is not worth more than the status line below.
        }

        return new(response.ReasonPhrase ?? "The request was refused.");
    }
}
