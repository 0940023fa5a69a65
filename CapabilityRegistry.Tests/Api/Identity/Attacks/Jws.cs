using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CapabilityRegistry.Tests.Api.Identity.Attacks;

/// <summary>Puts tokens together from their pieces, as no library would let one: the library that reads tokens must not be the one that makes the attacks on it.</summary>
internal static class Jws
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    public static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    public static string Decode(string part) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part));

    /// <summary>A token of pieces that are encoded already.</summary>
    public static string Join(string header, string payload, Func<byte[], byte[]> sign) => $"{header}.{payload}.{Encode(sign(Encoding.ASCII.GetBytes($"{header}.{payload}")))}";

    public static Func<byte[], byte[]> Hmac256(byte[] key) => data => HMACSHA256.HashData(key, data);

    public static Func<byte[], byte[]> Hmac256(string key) => Hmac256(Encoding.UTF8.GetBytes(key));

    public static Func<byte[], byte[]> Rsa256(RSA key) => data => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public static Func<byte[], byte[]> Ec256(ECDsa key) => data => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>A JSON object of raw members, in order; double ones stay double.</summary>
    public static string Object(IEnumerable<(string Name, string Raw)> members) => $"{{{string.Join(',', members.Select(m => $"{JsonSerializer.Serialize(m.Name)}:{m.Raw}"))}}}";

    /// <summary>The members of an object, raw.</summary>
    public static (string Name, string Raw)[] MembersOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Select(m => (m.Name, m.Value.GetRawText()))];
    }
}
