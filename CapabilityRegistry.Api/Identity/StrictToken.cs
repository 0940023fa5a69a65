using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;
using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Api.Identity;

/// <summary>A signed token in the compact form (RFC 7515, section 7.1), held to more than the library holds it to: who reads something that the next reader reads differently is deceived.</summary>
/// <remarks>Nothing in it is believed: this says what is written, not whether the signature is right.</remarks>
/// <param name="Header">The protected header.</param>
/// <param name="Payload">The claims.</param>
internal sealed record StrictToken(JsonElement Header, JsonElement Payload)
{
    private const double LastSecond = 253_402_300_799;

    /// <summary>Members that change how the rest is to be read. RFC 7515, section 4.1.11: a reader that does not know an extension that is critical must refuse the token, and we know none.</summary>
    private static readonly string[] Extensions = ["crit", "b64", "zip", "enc"];

    private static readonly string[] Dates = ["exp", "nbf", "iat"];

    /// <summary>When the token says that it was made; null when it does not say.</summary>
    public double? IssuedAt => Payload.TryGetProperty("iat", out var iat) ? iat.GetDouble() : null;

    /// <summary>Reads a token: three parts in the one spelling that base64url has for their bytes, of which the first two are JSON objects in UTF-8 without double members, and dates
    /// that are numbers. Null when it is none.</summary>
    public static StrictToken? Read(string token)
    {
        Span<Range> parts = stackalloc Range[4];
        return token.AsSpan().Split(parts, '.') == 3
            && ReadObject(token.AsSpan(parts[0])) is { } header && ReadObject(token.AsSpan(parts[1])) is { } payload && Decode(token.AsSpan(parts[2])) is not null
            && !Array.Exists(Extensions, name => header.TryGetProperty(name, out _)) && Array.TrueForAll(Dates, name => !payload.TryGetProperty(name, out var date) || IsDate(date))
            ? new(header, payload)
            : null;
    }

    private static bool IsDate(JsonElement value) => value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and <= LastSecond;

    private static JsonElement? ReadObject(ReadOnlySpan<char> part)
    {
        if (Decode(part) is not { } utf8 || !Utf8.IsValid(utf8))
        {
            return null;
        }

        try
        {
            return JsonElement.Parse(utf8, RegistryJson.Document) is { ValueKind: JsonValueKind.Object } json ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>RFC 7515, section 2: no padding, no white space, no other alphabet; and no bits behind the last byte.</summary>
    private static byte[]? Decode(ReadOnlySpan<char> part) =>
        Base64Url.IsValid(part) && Base64Url.DecodeFromChars(part) is var bytes && part.SequenceEqual(Base64Url.EncodeToString(bytes)) ? bytes : null;
}
