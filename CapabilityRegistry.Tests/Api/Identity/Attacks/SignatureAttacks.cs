using System.Security.Cryptography;
using System.Text;

namespace CapabilityRegistry.Tests.Api.Identity.Attacks;

/// <summary>Attacks on the algorithm and on the signature (RFC 8725, sections 2.1 and 3.1).</summary>
internal static class SignatureAttacks
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly string[] Nones = ["none", "None", "nOnE", "NONE", "", " none", "none\\u0000", "non\\u0065"];

    public static IEnumerable<Attack> All =>
    [
        .. Nones.SelectMany(none => new Attack[]
        {
            new($"alg '{none}' without a signature", f => $"{Jws.Encode(f.Header(("alg", $"\"{none}\"")))}.{f.Parts[1]}."),
            new($"alg '{none}' with the signature of the good token", f => $"{Jws.Encode(f.Header(("alg", $"\"{none}\"")))}.{f.Parts[1]}.{f.Parts[2]}"),
            new($"alg '{none}' signed with the key", f => f.WithHeader("alg", $"\"{none}\"")),
        }),
        new("alg missing", f => f.WithHeader("alg", null)),
        new("alg null", f => f.WithHeader("alg", "null")),
        new("alg a number", f => f.WithHeader("alg", "256")),
        new("alg an array", f => f.WithHeader("alg", "[\"HS256\"]")),
        new("alg in lower case", f => f.WithHeader("alg", "\"hs256\"")),
        new("alg with a blank", f => f.WithHeader("alg", "\"HS256 \"")),
        new("alg by its URI", f => f.WithHeader("alg", "\"http://www.w3.org/2001/04/xmldsig-more#hmac-sha256\"")),
        new("HS384 with the key", f => f.Signed(d => HMACSHA384.HashData(Encoding.UTF8.GetBytes(f.Key), d), f.Header(("alg", "\"HS384\"")))),
        new("HS512 with the key", f => f.Signed(d => HMACSHA512.HashData(Encoding.UTF8.GetBytes(f.Key), d), f.Header(("alg", "\"HS512\"")))),
        new("HS256 by an HS512 signature", f => f.Signed(d => HMACSHA512.HashData(Encoding.UTF8.GetBytes(f.Key), d))),
        new("HS256 with half the hash", f => f.Signed(d => Jws.Hmac256(f.Key)(d)[..16])),
        new("HS256 with the hash and a byte more", f => f.Signed(d => [.. Jws.Hmac256(f.Key)(d), 0])),
        new("HS256 with another key", f => f.Signed(Jws.Hmac256("another key of which nobody here knows anything"))),
        new("HS256 with the empty key", f => f.Signed(Jws.Hmac256(""))),
        new("HS256 with a key of zeros", f => f.Signed(Jws.Hmac256(new byte[32]))),
        new("HS256 with the kid as key", f => f.Signed(Jws.Hmac256(Kid(f)))),
        new("HS256 over the payload alone", f => $"{f.Parts[0]}.{f.Parts[1]}.{Jws.Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(f.Key), Encoding.ASCII.GetBytes(f.Parts[1])))}"),
        new("RS256 with the forger's key", f => f.Signed(Jws.Rsa256(Forge.Rsa), f.Header(("alg", "\"RS256\"")))),
        new("RS256 by the HMAC of our key", f => f.WithHeader("alg", "\"RS256\"")),
        new("HS256 by the forger's RSA key", f => f.Signed(Jws.Rsa256(Forge.Rsa))),
        new("HS256 with the forger's public key as key", f => f.Signed(Jws.Hmac256(Forge.Rsa.ExportSubjectPublicKeyInfoPem()))),
        new("PS256 with the forger's key", f => f.Signed(d => Forge.Rsa.SignData(d, HashAlgorithmName.SHA256, RSASignaturePadding.Pss), f.Header(("alg", "\"PS256\"")))),
        new("ES256 with the forger's key", f => f.Signed(Jws.Ec256(Forge.Ec), f.Header(("alg", "\"ES256\"")))),
        new("ES256 of zeros (CVE-2022-21449)", f => f.Signed(_ => new byte[64], f.Header(("alg", "\"ES256\"")))),
        new("ES256 by the HMAC of our key", f => f.WithHeader("alg", "\"ES256\"")),
        new("signature stripped with its dot", f => $"{f.Parts[0]}.{f.Parts[1]}"),
        new("signature empty", f => $"{f.Parts[0]}.{f.Parts[1]}."),
        new("signature of zeros", f => f.Signed(_ => new byte[32])),
        new("signature of another token", f => $"{f.Parts[0]}.{Jws.Encode(f.Payload(("client_id", "\"admin\"")))}.{f.Parts[2]}"),
        new("payload stripped", f => $"{f.Parts[0]}..{f.Parts[2]}"),
        new("header stripped", f => $".{f.Parts[1]}.{f.Parts[2]}"),
        new("parts in another order", f => $"{f.Parts[1]}.{f.Parts[0]}.{f.Parts[2]}"),
        .. Enumerable.Range(0, 16).Select(i => new Attack($"cut off after {i}/16", f => f.Good[..(f.Good.Length * i / 16)])),
        .. Enumerable.Range(1, 3).Select(i => new Attack($"without its last {i} characters", f => f.Good[..^i])),
        .. Enumerable.Range(0, 32).Select(i => new Attack($"one bit flipped at {i}/32", f => Flip(f.Good, f.Good.Length * i / 32))),
        .. Enumerable.Range(0, 6).Select(bit => new Attack($"bit {bit} of the last character flipped", f => Flip(f.Good, f.Good.Length - 1, bit))),
    ];

    private static string Kid(Forge forge) => Jws.MembersOf(forge.Header()).Single(m => m.Name == "kid").Raw.Trim('"');

    private static string Flip(string token, int at, int bit = 0)
    {
        at = token[at] == '.' ? at + 1 : at;
        return $"{token[..at]}{Alphabet[Alphabet.IndexOf(token[at], StringComparison.Ordinal) ^ (1 << bit)]}{token[(at + 1)..]}";
    }
}
