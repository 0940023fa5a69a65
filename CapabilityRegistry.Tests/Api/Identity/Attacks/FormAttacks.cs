using System.Text;

namespace CapabilityRegistry.Tests.Api.Identity.Attacks;

/// <summary>Attacks on the form: what two readers would read differently, or what is no token.</summary>
internal static class FormAttacks
{
    private static readonly string[] NoPayloads = ["[]", "null", "\"text\"", "1", "true", "", " ", "{", "{}", "{}{}", "[{}]"];
    private static readonly string[] NoHeaders = ["[]", "null", "\"text\"", "", "{", "{}"];

    public static IEnumerable<Attack> All =>
    [
        new("nested: a token whose payload is a token", f => f.Signed(f.Header(("cty", "\"JWT\"")), f.Good)),
        new("nested: a token in the claim of another", f => f.Signed(payload: $"{{\"token\":\"{f.Good}\"}}")),
        new("JWE, direct", f => $"{Jws.Encode("{\"alg\":\"dir\",\"enc\":\"A128CBC-HS256\",\"typ\":\"at+jwt\",\"cty\":\"JWT\"}")}..{Jws.Encode(new byte[16])}.{f.Parts[1]}.{Jws.Encode(new byte[16])}"),
        new("JWE, key wrapped", f => $"{Jws.Encode("{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\"}")}.{Jws.Encode(new byte[40])}.{Jws.Encode(new byte[16])}.{f.Parts[1]}.{Jws.Encode(new byte[16])}"),
        new("JWE by PBES2 with a billion iterations", f => $"{Jws.Encode($"{{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128CBC-HS256\",\"p2c\":1000000000,\"p2s\":\"{Jws.Encode(new byte[16])}\"}}")}.{Jws.Encode(new byte[40])}.{Jws.Encode(new byte[16])}.{f.Parts[1]}.{Jws.Encode(new byte[16])}"),
        new("JSON serialization, flattened", f => $$"""{"protected":"{{f.Parts[0]}}","payload":"{{f.Parts[1]}}","signature":"{{f.Parts[2]}}"}"""),
        new("four parts", f => $"{f.Good}.{f.Parts[2]}"),
        new("four parts, the last empty", f => $"{f.Good}."),
        new("five parts", f => $"{f.Good}.a.a"),
        new("a dot in front", f => $".{f.Good}"),
        new("twice", f => $"{f.Good}{f.Good}"),
        new("twice with a comma", f => $"{f.Good},{f.Good}"),
        new("in quotes", f => $"\"{f.Good}\""),
        new("with a blank inside", f => f.Good.Insert(f.Good.Length / 2, " ")),
        new("with a tab inside", f => f.Good.Insert(f.Good.Length / 2, "\t")),
        new("with a blank before the signature", f => $"{f.Parts[0]}.{f.Parts[1]}. {f.Parts[2]}"),
        new("percent-encoded", f => f.Good.Replace(".", "%2E", StringComparison.Ordinal)),
        new("padding behind the signature", f => $"{f.Good}="),
        new("padding behind the signature, too much", f => $"{f.Good}===="),
        new("padding in every part, signed as it stands", f => Jws.Join(Padded(f.Header()), Padded(f.Payload()), Jws.Hmac256(f.Key))),
        new("padding in the header", f => $"{f.Parts[0]}=.{f.Parts[1]}.{f.Parts[2]}"),
        new("the alphabet of base64 in the signature", f => OtherAlphabet(f)),
        new("the alphabet of base64 in the payload, signed as it stands", f => Jws.Join(f.Parts[0], Jws.Encode(f.Payload(("more", "\"???>>>\""))).Replace('-', '+').Replace('_', '/'), Jws.Hmac256(f.Key))),
        new("bits left over in the payload, signed as it stands", f => Jws.Join(f.Parts[0], LeftOver(f), Jws.Hmac256(f.Key))),
        new("letters outside every alphabet", f => f.Good.Insert(10, "*")),
        new("payload not UTF-8", f => Jws.Join(f.Parts[0], Jws.Encode([.. Encoding.UTF8.GetBytes(f.Payload()[..^1] + ",\"more\":\""), 0xff, 0xfe, (byte)'"', (byte)'}']), Jws.Hmac256(f.Key))),
        new("payload UTF-16", f => Jws.Join(f.Parts[0], Jws.Encode(Encoding.Unicode.GetBytes(f.Payload())), Jws.Hmac256(f.Key))),
        new("payload with a byte order mark", f => Jws.Join(f.Parts[0], Jws.Encode([0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(f.Payload())]), Jws.Hmac256(f.Key))),
        new("header with a byte order mark", f => Jws.Join(Jws.Encode([0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(f.Header())]), f.Parts[1], Jws.Hmac256(f.Key))),
        .. NoPayloads.Select(raw => new Attack($"payload {raw}", f => f.Signed(payload: raw))),
        .. NoHeaders.Select(raw => new Attack($"header {raw}", f => f.Signed(raw))),
        new("payload an array around the claims", f => f.Signed(payload: $"[{f.Payload()}]")),
        new("payload with something behind it", f => f.Signed(payload: f.Payload() + "x")),
        new("payload with comments", f => f.Signed(payload: f.Payload().Replace("{", "{/**/", StringComparison.Ordinal))),
        new("payload with a trailing comma", f => f.Signed(payload: f.Payload()[..^1] + ",}")),
        new("payload with single quotes", f => f.Signed(payload: f.Payload().Replace('"', '\''))),
        new("payload nested deeply", f => f.With("more", string.Concat(Enumerable.Repeat("[", 2_000)) + string.Concat(Enumerable.Repeat("]", 2_000)))),
        new("more than 16 KiB, signed", f => f.With("more", $"\"{new string('x', 13_000)}\"")),
        new("more than 16 KiB of nothing", _ => new string('a', 17_000)),
        new("20,000 dots", _ => new string('.', 20_000)),
        new("no token", _ => ""),
        new("a dot", _ => "."),
        new("two dots", _ => ".."),
        new("null", _ => "null"),
        new("the client's id and secret", _ => Convert.ToBase64String("tests:secret"u8)),
    ];

    private static string Padded(string json)
    {
        var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(json + (Encoding.UTF8.GetByteCount(json) % 3 == 0 ? " " : "")));
        return text.Replace('+', '-').Replace('/', '_');
    }

    /// <summary>The good token, or one like it, whose signature has a letter in which the alphabets differ.</summary>
    private static string OtherAlphabet(Forge forge)
    {
        var token = Enumerable.Range(0, 100).Select(i => forge.With("jti", $"\"{i}\"")).First(t => t.Split('.')[2].AsSpan().ContainsAny('-', '_'));
        var signature = token.LastIndexOf('.');
        return token[..signature] + token[signature..].Replace('-', '+').Replace('_', '/');
    }

    /// <summary>A payload whose last character says more than its bytes hold.</summary>
    private static string LeftOver(Forge forge)
    {
        var payload = Enumerable.Range(0, 3).Select(i => Jws.Encode(forge.Payload(("more", $"\"{new string('x', i)}\"")))).First(p => p.Length % 4 == 2);
        return payload[..^1] + (char)(payload[^1] + 1);
    }
}
