using System.Text.Json;

namespace CapabilityRegistry.Benchmarks.Clients;

/// <summary>Requests that have to succeed.</summary>
internal static class Asking
{
    /// <summary>Asks, and reads the answer.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public static async Task<JsonElement> AskAsync(this HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            using var answer = await http.SendAsync(request, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            return answer.IsSuccessStatusCode ? JsonElement.Parse(text) : throw new InvalidOperationException($"{request.RequestUri}: {(int)answer.StatusCode} {text}");
        }
    }
}
