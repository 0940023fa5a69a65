using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CapabilityRegistry.Tests.Api.Identity.Attacks;

/// <summary>Attacks by what the header says of keys, extensions and the token's kind (RFC 7515, section 4; RFC 8725, sections 3.8 to 3.11).</summary>
internal static class HeaderAttacks
{
    private static readonly (string Name, string Raw)[] Kids =
    [
        ("empty", "\"\""), ("null", "null"), ("a number", "0"), ("an array", "[\"a\"]"), ("an object", "{}"), ("true", "true"),
        ("a path", "\"../../../../../../dev/null\""), ("a file", "\"/proc/sys/kernel/randomize_va_space\""), ("SQL", "\"x' UNION SELECT 'key' -- \""), ("a URL", "\"http://127.0.0.1/key\""),
        ("a shell's", "\"x; sleep 10 |\""), ("a wild card", "\"*\""), ("U+0000", "\"\\u0000\""), ("half a surrogate pair", "\"\\ud800\""), ("huge", $"\"{new string('k', 8_000)}\""),
    ];

    private static readonly string[] Types = ["JWT", "jwt", "at+JWT", "application/at+jwt", "id+jwt", "dpop+jwt", "", " at+jwt", "at+jwt\\u0000"];

    public static IEnumerable<Attack> All =>
    [
        .. Kids.Select(kid => new Attack($"kid {kid.Name}, signed with the key", f => f.WithHeader("kid", kid.Raw))),
        .. Kids.Select(kid => new Attack($"kid {kid.Name}, signed with nothing", f => f.Signed(Jws.Hmac256(""), f.Header(("kid", kid.Raw))))),
        new("kid missing", f => f.WithHeader("kid", null)),
        new("kid of the previous key, signed with the present one", f => f.WithHeader("kid", $"\"{f.PreviousKid}\"")),
        new("kid of the present key, signed with the previous one", f => f.Signed(Jws.Hmac256(f.PreviousKey))),
        new("kid in other letters", f => f.WithHeader("kid", $"\"{Swapped(Jws.MembersOf(f.Header()).Single(m => m.Name == "kid").Raw.Trim('"'))}\"")),
        .. OfferedKeys("jku", f => $"\"{f.Trap}jwks.json\""),
        .. OfferedKeys("x5u", f => $"\"{f.Trap}certificate.pem\""),
        .. OfferedKeys("jwk", _ => PublicJwk()),
        .. OfferedKeys("x5c", _ => $"[\"{Certificate()}\"]"),
        .. OfferedKeys("iss", f => $"\"{f.Trap}\""),
        new("jwk offers a symmetric key", f => f.Signed(Jws.Hmac256(new byte[32]), f.Header(("jwk", $$"""{"kty":"oct","alg":"HS256","k":"{{Jws.Encode(new byte[32])}}"}""")))),
        new("crit names an extension that nobody knows", f => f.Signed(f.Header(("crit", "[\"exp\"]"), ("exp", "0")))),
        new("crit names an extension that is not there", f => f.WithHeader("crit", "[\"http://example.com/unknown\"]")),
        new("crit empty", f => f.WithHeader("crit", "[]")),
        new("crit null", f => f.WithHeader("crit", "null")),
        new("crit names what is no extension", f => f.WithHeader("crit", "[\"alg\"]")),
        new("b64 false, as crit demands", f => f.Signed(f.Header(("crit", "[\"b64\"]"), ("b64", "false")))),
        new("b64 false without crit", f => f.WithHeader("b64", "false")),
        new("b64 false with the payload as it is", f => Jws.Join(Jws.Encode(f.Header(("crit", "[\"b64\"]"), ("b64", "false"))), f.Payload(), Jws.Hmac256(f.Key))),
        new("zip", f => f.WithHeader("zip", "\"DEF\"")),
        new("enc", f => f.WithHeader("enc", "\"A256GCM\"")),
        new("typ missing", f => f.WithHeader("typ", null)),
        new("typ null", f => f.WithHeader("typ", "null")),
        new("typ a number", f => f.WithHeader("typ", "1")),
        new("typ an array", f => f.WithHeader("typ", "[\"at+jwt\"]")),
        .. Types.Select(type => new Attack($"typ '{type}'", f => f.WithHeader("typ", $"\"{type}\""))),
        new("typ in the payload only", f => f.Signed(f.Header(("typ", null)), f.Payload(("typ", "\"at+jwt\"")))),
    ];

    /// <summary>A token that the forger's key signs, and that says where that key is; under the kid of ours, an own one and none.</summary>
    private static IEnumerable<Attack> OfferedKeys(string name, Func<Forge, string> raw) =>
    [
        new($"{name} offers the forger's key", f => f.Signed(Jws.Rsa256(Forge.Rsa), f.Header(("alg", "\"RS256\""), (name, raw(f))))),
        new($"{name} offers the forger's key under its own kid", f => f.Signed(Jws.Rsa256(Forge.Rsa), f.Header(("alg", "\"RS256\""), ("kid", "\"forged\""), (name, raw(f))))),
        new($"{name} offers the forger's key without a kid", f => f.Signed(Jws.Rsa256(Forge.Rsa), f.Header(("alg", "\"RS256\""), ("kid", null), (name, raw(f))))),
    ];

    private static string PublicJwk()
    {
        var key = Forge.Rsa.ExportParameters(includePrivateParameters: false);
        return $$"""{"kty":"RSA","kid":"forged","alg":"RS256","use":"sig","n":"{{Jws.Encode(key.Modulus)}}","e":"{{Jws.Encode(key.Exponent)}}"}""";
    }

    private static string Certificate()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=forged", Forge.Rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return Convert.ToBase64String(certificate.RawData);
    }

    private static string Swapped(string text) => string.Concat(text.Select(c => char.IsLower(c) ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c)));
}
