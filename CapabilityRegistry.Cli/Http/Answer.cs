using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CapabilityRegistry.Cli.Http;

/// <summary>An answer as the registry wrote it and as this client reads it.</summary>
internal sealed record Answer<T>(byte[] Json, T Value)
{
    public static async Task<Answer<T>> ReadAsync(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var json = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new(json, JsonSerializer.Deserialize(json, type) ?? throw new JsonException("The answer is null."));
    }
}
