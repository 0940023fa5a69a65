using System.Globalization;

namespace CapabilityRegistry.Tests.Api.Identity.Attacks;

/// <summary>Tokens with the right signature that say what no token of ours says.</summary>
internal static class ClaimAttacks
{
    private const int Hour = 3600;

    private static readonly string[] NoDates = ["null", "\"{0}\"", "-1", "-{0}", "1e400", "-1e400", "1e300", "[{0}]", "{{}}", "true", "\"\"", "\"never\"", "99999999999999999999", "\"1e400\""];

    public static IEnumerable<Attack> All =>
    [
        .. Times, .. Addressees, .. Bearers, .. Doubles,
    ];

    private static IEnumerable<Attack> Times =>
    [
        new("expired", f => f.Signed(payload: f.Payload(("iat", At(-2 * Hour)), ("nbf", At(-2 * Hour)), ("exp", At(-Hour))))),
        new("expired at the epoch", f => f.With("exp", "0")),
        new("expired in the second before the tolerance", f => f.Signed(payload: f.Payload(("iat", At(-Hour)), ("nbf", At(-Hour)), ("exp", At(-32))))),
        new("exp missing", f => f.With("exp", null)),
        .. NoDates.Select(raw => new Attack($"exp {raw}", f => f.With("exp", string.Format(CultureInfo.InvariantCulture, raw, At(Hour))))),
        new("not yet valid", f => f.With("nbf", At(Hour))),
        new("not valid before the year 9999", f => f.Signed(payload: f.Payload(("nbf", "253402300799"), ("exp", "253402300799")))),
        new("nbf after exp", f => f.Signed(payload: f.Payload(("nbf", At(2 * Hour)), ("exp", At(Hour))))),
        new("nbf a text", f => f.With("nbf", $"\"{At(-Hour)}\"")),
        new("nbf an array", f => f.With("nbf", $"[{At(-Hour)}]")),
        new("nbf 1e400", f => f.With("nbf", "1e400")),
        new("issued in the far future", f => f.With("iat", At(10_000 * Hour))),
        new("iat a text", f => f.With("iat", "\"yesterday\"")),
        new("iat 1e400", f => f.With("iat", "1e400")),
    ];

    private static IEnumerable<Attack> Addressees =>
    [
        new("for another audience", f => f.With("aud", "\"another\"")),
        new("for an audience in other letters", f => f.With("aud", "\"Capability-Registry\"")),
        new("for an audience that begins like ours", f => f.With("aud", "\"capability-registry.example.com\"")),
        new("for several audiences without ours", f => f.With("aud", "[\"another\",\"third\"]")),
        new("for ours inside another array", f => f.With("aud", "[[\"capability-registry\"]]")),
        new("for ours in an object", f => f.With("aud", "{\"capability-registry\":true}")),
        new("for an empty list of audiences", f => f.With("aud", "[]")),
        new("for the empty audience", f => f.With("aud", "\"\"")),
        new("for nobody", f => f.With("aud", null)),
        new("for null", f => f.With("aud", "null")),
        new("for a number", f => f.With("aud", "1")),
        new("for an audience that breaks a header", f => f.With("aud", "\"x\\\", error=\\\"none\\r\\nX-Injected: 1\"")),
        new("for an audience that no header can hold", f => f.With("aud", "\"\\u20ac\\u0000\"")),
        new("of another issuer", f => f.With("iss", "\"another\"")),
        new("of an issuer in other letters", f => f.With("iss", "\"CAPABILITY-REGISTRY\"")),
        new("of several issuers", f => f.With("iss", "[\"capability-registry\"]")),
        new("of an issuer that is empty", f => f.With("iss", "\"\"")),
        new("of an issuer that breaks a header", f => f.With("iss", "\"x\\\"\\r\\nX-Injected: 1\\u20ac\"")),
        new("of no issuer", f => f.With("iss", null)),
    ];

    private static IEnumerable<Attack> Bearers =>
    [
        new("of a tenant that has not this client", f => f.With("tenant_id", "\"others\"")),
        new("of a tenant that is unknown", f => f.With("tenant_id", "\"nobody\"")),
        new("of a suspended tenant", f => f.With("tenant_id", "\"suspended\"")),
        new("of a tenant in other letters", f => f.With("tenant_id", "\"TESTS\"")),
        new("of several tenants", f => f.With("tenant_id", "[\"tests\",\"others\"]")),
        new("of one tenant in an array", f => f.With("tenant_id", "[\"tests\"]")),
        new("of a tenant that is SQL", f => f.With("tenant_id", "\"tests' OR '1'='1\"")),
        new("of a tenant with U+0000", f => f.With("tenant_id", "\"tests\\u0000\"")),
        new("of no tenant", f => f.With("tenant_id", null)),
        new("of the tenant null", f => f.With("tenant_id", "null")),
        new("of a client that is unknown", f => f.With("client_id", "\"nobody\"")),
        new("of another client than the secret's", f => f.With("client_id", "\"observer\"")),
        new("of a client with U+0000", f => f.With("client_id", "\"tests\\u0000\"")),
        new("of several clients", f => f.With("client_id", "[\"tests\",\"observer\"]")),
        new("of a client with half a surrogate pair", f => f.With("client_id", "\"tests\\ud800\"")),
        new("of no client", f => f.With("client_id", null)),
        new("of no secret", f => f.With("sid", null)),
        new("of a secret that is unknown", f => f.With("sid", "\"019a0000-0000-7000-8000-000000000000\"")),
        new("of a secret that is no id", f => f.With("sid", "\"' OR true --\"")),
        new("of several secrets", f => f.With("sid", "[\"019a0000-0000-7000-8000-000000000000\"]")),
        new("of a secret that is null", f => f.With("sid", "null")),
        new("roles a text", f => f.With("roles", "\"tenant_admin\"")),
        new("roles an object", f => f.With("roles", "{\"tenant_admin\":true}")),
        new("roles in an array of arrays", f => f.With("roles", "[[\"tenant_admin\"]]")),
        new("roles numbers", f => f.With("roles", "[1]")),
        new("roles null", f => f.With("roles", "null")),
        new("roles missing", f => f.With("roles", null)),
        new("scope missing", f => f.With("scope", null)),
        new("scope null", f => f.With("scope", "null")),
        new("scope an array", f => f.With("scope", "[\"registry:read\"]")),
        new("scope an object", f => f.With("scope", "{}")),
    ];

    private static IEnumerable<Attack> Doubles =>
    [
        new("claims twice, the better first", f => f.Signed(payload: Twice(f.Payload(), "roles", "[\"registry_admin\"]"))),
        new("exp twice", f => f.Signed(payload: Twice(f.Payload(), "exp", At(Hour)))),
        new("tenant_id twice, once in escapes", f => f.Signed(payload: f.Payload()[..^1] + ",\"tenant\\u005fid\":\"others\"}")),
        new("alg twice", f => f.Signed(Twice(f.Header(), "alg", "\"HS256\""))),
        new("alg twice, first none", f => f.Signed($"{{\"alg\":\"none\",{f.Header()[1..]}")),
        new("kid twice", f => f.Signed(Twice(f.Header(), "kid", "\"other\""))),
        new("a double member deep inside", f => f.With("more", "{\"a\":{\"b\":1,\"b\":2}}")),
    ];

    private static string At(int seconds) => (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + seconds).ToString(CultureInfo.InvariantCulture);

    private static string Twice(string json, string name, string raw) => $"{json[..^1]},\"{name}\":{raw}}}";
}
