using System.IO.Compression;
using System.Text.Json;

namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>What holds of every answer, whatever was asked.</summary>
internal static class AnswerRules
{
    private static readonly string[] ErrorCodes =
    [
        "VALIDATION_ERROR", "RESOURCE_NOT_FOUND", "DUPLICATE_RESOURCE", "DEPENDENCY_ERROR", "COMPOSITION_ERROR", "AUTHENTICATION_ERROR", "AUTHORIZATION_ERROR", "RATE_LIMIT_ERROR",
        "PRECONDITION_FAILED", "PAYLOAD_TOO_LARGE", "UNAVAILABLE",
    ];

    /// <summary>What is wrong with an answer; null when nothing is.</summary>
    public static string? Broken(RawRequest request, RawAnswer answer)
    {
        if (answer.IsBare)
        {
            return request.IsBroken ? null : "It has no body.";
        }

        return answer.Status >= 500 ? "The server failed."
            : answer.Header("X-Request-ID") is null ? "It has no X-Request-ID."
            : answer.Header("X-Content-Type-Options") is null ? "It lacks the security headers."
            : answer.Status == 401 && answer.Header("WWW-Authenticate") is null ? "It has no WWW-Authenticate."
            : answer.Status == 405 && answer.Header("Allow") is not { Length: > 0 } ? "It has no Allow."
            : request.Method == "HEAD" ? null
            : answer.Status >= 400 ? Refusal(request, answer)
            : answer.Header("Content-Type")?.StartsWith("application/json", StringComparison.Ordinal) is true && Parse(answer) is null ? "It is no JSON." : null;
    }

    private static string? Refusal(RawRequest request, RawAnswer answer)
    {
        var isEnveloped = request.Has("X-API-Version", "1.0");
        var type = answer.Header("Content-Type")?.Split(';')[0];
        if (type != (isEnveloped ? "application/json" : "application/problem+json"))
        {
            return $"Its type is {type}.";
        }

        if (Parse(answer) is not { } body)
        {
            return "It is no JSON object.";
        }

        return isEnveloped ? Envelope(body) : Problem(body, answer.Status);
    }

    private static string? Problem(JsonElement body, int status)
    {
        foreach (var member in new[] { "type", "title", "detail", "instance", "trace_id", "error_code" })
        {
            if (!body.TryGetProperty(member, out var value) || value.ValueKind is not JsonValueKind.String || value.GetString()!.Length == 0)
            {
                return $"Its member '{member}' is missing or empty.";
            }
        }

        return !body.TryGetProperty("status", out var said) || said.GetInt32() != status ? "Its status is another."
            : !ErrorCodes.Contains(body.GetProperty("error_code").GetString()) ? "Its error_code is unknown."
            : null;
    }

    private static string? Envelope(JsonElement body) =>
        !body.TryGetProperty("success", out var success) || success.ValueKind is not JsonValueKind.False ? "Its success is not false."
        : !body.TryGetProperty("message", out _) || !body.TryGetProperty("errors", out _) || !body.TryGetProperty("timestamp", out _) ? "It lacks a member of the envelope."
        : !body.TryGetProperty("meta", out var meta) || !meta.TryGetProperty("request_id", out _) || !meta.TryGetProperty("error_code", out var code) || !ErrorCodes.Contains(code.GetString()) ? "Its meta lacks a member."
        : null;

    private static JsonElement? Parse(RawAnswer answer)
    {
        try
        {
            using var encoded = new MemoryStream(answer.Body);
            using Stream stream = answer.Header("Content-Encoding") switch
            {
                "gzip" => new GZipStream(encoded, CompressionMode.Decompress),
                "br" => new BrotliStream(encoded, CompressionMode.Decompress),
                _ => encoded,
            };
            return JsonDocument.Parse(stream).RootElement is { ValueKind: JsonValueKind.Object } body ? body : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            return null;
        }
    }
}
