using System.Net;
using System.Text.Json;

namespace CapabilityRegistry.Cli.Http;

/// <summary>The registry answered with an error.</summary>
internal sealed class RefusedException(HttpStatusCode status, Problem problem, TimeSpan? retryAfter) : Exception(problem.Detail ?? problem.Title)
{
    public Problem Problem { get; } = problem;

    /// <summary>How long the registry asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    public int Status => (int)status;

    /// <summary>Whether the same request may well succeed a little later. A gateway says 502 and 504 while the registry behind it restarts.</summary>
    public bool IsTransient =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout;

    /// <summary>Whether the request was understood and the answer is no.</summary>
    public bool IsNegativeAnswer => Problem.ErrorCode is "RESOURCE_NOT_FOUND" or "COMPOSITION_ERROR";

    public static async Task<RefusedException> ReadAsync(HttpResponseMessage response, TimeProvider clock, CancellationToken cancellationToken)
    {
        var retryAfter = response.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - clock.GetUtcNow() : null;
        return new(response.StatusCode, await ReadProblemAsync(response, cancellationToken), retryAfter);
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
