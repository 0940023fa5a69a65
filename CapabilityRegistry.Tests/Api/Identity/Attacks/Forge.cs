using System.Security.Cryptography;

namespace CapabilityRegistry.Tests.Api.Identity.Attacks;

/// <summary>What a forger has in hand: a good token, its pieces, and (for attacks that no signature stops) the key.</summary>
internal sealed class Forge(string goodToken, string key, string previousKey, string previousKid, Uri trap)
{
    private readonly (string Name, string Raw)[] _header = Jws.MembersOf(Jws.Decode(goodToken.Split('.')[0]));
    private readonly (string Name, string Raw)[] _payload = Jws.MembersOf(Jws.Decode(goodToken.Split('.')[1]));

    /// <summary>The forger's own keys.</summary>
    public static RSA Rsa { get; } = RSA.Create(2048);

    public static ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Good { get; } = goodToken;

    public string[] Parts { get; } = goodToken.Split('.');

    public string Key { get; } = key;

    public string PreviousKey { get; } = previousKey;

    public string PreviousKid { get; } = previousKid;

    /// <summary>An address at which the forger would serve his keys.</summary>
    public Uri Trap { get; } = trap;

    /// <summary>The good header with members replaced, added or (without a value) left out; in JSON.</summary>
    public string Header(params (string Name, string? Raw)[] changes) => Changed(_header, changes);

    /// <summary>The good payload with members replaced, added or (without a value) left out; in JSON.</summary>
    public string Payload(params (string Name, string? Raw)[] changes) => Changed(_payload, changes);

    /// <summary>A token with the right signature over whatever it says.</summary>
    public string Signed(string? header = null, string? payload = null) => Jws.Join(Jws.Encode(header ?? Header()), Jws.Encode(payload ?? Payload()), Jws.Hmac256(Key));

    /// <summary>A token with another signature.</summary>
    public string Signed(Func<byte[], byte[]> sign, string? header = null, string? payload = null) => Jws.Join(Jws.Encode(header ?? Header()), Jws.Encode(payload ?? Payload()), sign);

    /// <summary>A token with the right signature, one claim of which is something else.</summary>
    public string With(string claim, string? raw) => Signed(payload: Payload((claim, raw)));

    /// <summary>A token with the right signature, one member of whose header is something else.</summary>
    public string WithHeader(string name, string? raw) => Signed(Header((name, raw)));

    private static string Changed((string Name, string Raw)[] members, (string Name, string? Raw)[] changes)
    {
        var kept = members.Where(m => !Array.Exists(changes, c => c.Name == m.Name));
        return Jws.Object([.. kept, .. changes.Where(c => c.Raw is not null).Select(c => (c.Name, c.Raw!))]);
    }
}

/// <summary>An attack, by name, and how the token of it is made.</summary>
internal sealed record Attack(string Name, Func<Forge, string> Make);
