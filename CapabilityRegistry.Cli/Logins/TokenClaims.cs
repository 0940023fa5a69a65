using System.Buffers.Text;
using System.Text.Json;

namespace CapabilityRegistry.Cli.Logins;

/// <summary>What a token says about its owner. Nobody has checked it: for people to read and for choosing, never for trust.</summary>
internal sealed record TokenClaims(string? TenantId, string? ClientId, IReadOnlyList<string> Roles, string? Scope, DateTimeOffset? ExpiresAt)
{
    private static readonly DateTimeOffset End = DateTimeOffset.MaxValue;

    /// <summary>Reads the middle part of a JSON Web Token (RFC 7519); null when it is another kind of token.</summary>
    public static TokenClaims? Read(string token)
    {
        try
        {
            if (token.Split('.') is not [_, var payload, _])
            {
                return null;
            }

            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            return document.RootElement.ValueKind is JsonValueKind.Object ? Read(document.RootElement) : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    private static TokenClaims Read(JsonElement claims) =>
        new(Text(claims, "tenant_id"), Text(claims, "client_id"), Texts(claims, "roles"), Text(claims, "scope"), Time(claims, "exp"));

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var claim) && claim.ValueKind is JsonValueKind.String ? claim.GetString() : null;

    /// <summary>A list; a single entry may stand for itself, as token libraries write it.</summary>
    private static string[] Texts(JsonElement claims, string name) =>
        Text(claims, name) is { } single ? [single]
        : claims.TryGetProperty(name, out var claim) && claim.ValueKind is JsonValueKind.Array
            ? [.. claim.EnumerateArray().Where(item => item.ValueKind is JsonValueKind.String).Select(item => item.GetString()!)]
        : [];

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var claim) && claim.ValueKind is JsonValueKind.Number && claim.TryGetDouble(out var seconds)
        && seconds >= 0 && seconds < End.ToUnixTimeSeconds()
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;
}
