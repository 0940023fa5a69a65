using System.Text;

namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>Values that programs trip over.</summary>
internal static class Odd
{
    /// <summary>For addresses: percent-encoded, not always well.</summary>
    public static readonly string[] Encoded =
    [
        "%00", "a%00b", "%zz", "%", "%2", "%2F", "a%2Fb", "%5C..%5C", "..", ".", "%2e%2e%2f%2e%2e", "%252e", "%ED%A0%80", "%C0%AF", "%FF%FE", "a%80b", "%F0%9F%9A%80", "%E2%80%AE", "a%CC%81",
        "%E2%84%AA", "%C4%B0", "%EF%BF%BF", "%EF%BB%BF", "%C2%A0", "%20", "%09", "%0A", "%0d%0aX-Injected:%201", "%7F", "a+b", "'%20OR%201=1--", "%22%3E%3Cscript%3E", "%25", "%5F%25", "NaN",
        "Infinity", "-1", "0", "-0", "1e400", "1.5", "2147483648", "9223372036854775808", "0x10", "true", "TRUE", "1", "null", "undefined", "%7B%7D", "%5B%5D", "*", "latest", "~", ";", "a;b=c", "@", "$",
        "00000000-0000-0000-0000-000000000000", "%7B01940000-0000-7000-8000-000000000000%7D", "0194000000007000800000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
        "1.0.0%2Bbuild", "1.0.0-%F0%9F%9A%80", "99999999999999999999.0.0", "v1.0.0", "2026-13-45T99:99:99Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00%2B14:00",
        "2026-01-01", "%E2%88%9E", new('a', 127), new('a', 128), new('a', 200), new('a', 3_000), string.Concat(Enumerable.Repeat("%F0%9F%98%80", 120)), string.Concat(Enumerable.Repeat("..%2F", 50)), "",
    ];

    /// <summary>JSON values as they are written.</summary>
    public static readonly string[] Json =
    [
        "null", "true", "false", "0", "-0", "1", "-1", "1.5", "1e400", "-1e400", "1e-400", "123456789012345678901234567890", "2147483648", "9223372036854775807", "9223372036854775808", "1E5", "\"\"", "\" \"",
        "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\ud83d\\ude80\"", "\"\\u202e\"", "\"\\uffff\"", "\"\\u212a\"", "\"*\"", "\"NaN\"", "\"null\"", "\"1\"", "\"../..\"", "\"not a code\"",
        "\"2026-13-45T99:99:99Z\"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"9999-12-31T23:59:59-14:00\"", "\"2099-01-01\"", "\"^1.0.0 || >=99999999999.0.0\"", "\">=1 <\"", "\"1.0.0\"",
        "\"01940000-0000-7000-8000-000000000000\"", "\"registry_admin\"", "\"registry:admin\"", "[]", "{}", "[null]", "[[]]", "[{}]", "[\"a\",\"a\"]", "{\"\":null}", "{\"a\":{\"b\":[1,{\"c\":null}]}}", "[1,\"a\",null,{}]",
        $"\"{new string('x', 300)}\"", $"\"{new string('x', 70_000)}\"", $"{new string('[', 70)}{new string(']', 70)}", $"[{string.Join(',', Enumerable.Repeat("\"a\"", 1_100))}]", $"\"{string.Concat(Enumerable.Repeat("\\ud83d\\ude80", 130))}\"",
    ];

    /// <summary>Whole bodies.</summary>
    public static readonly byte[][] Bodies =
    [
        [], .. new[] { " ", "null", "[]", "{}", "\"text\"", "1e400", "-", "tru", "{", "[", "{\"a\"", "{\"a\":", "{,}", "{'a':1}", "// comment", "{}{}", "{} x", "\0", "<xml/>", "a=b&c=d", "\n\n\n", "{\"a\":1,\"a\":2}" }.Select(Encoding.UTF8.GetBytes),
        [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00], [0xEF, 0xBB, 0xBF, 0x7B, 0x7D], [0xED, 0xA0, 0x80], [0x1F, 0x8B, 0x08], [.. Enumerable.Repeat((byte)'[', 100_000)], Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 5_000))),
    ];

    /// <summary>Headers with what is no good, or good for something else.</summary>
    public static readonly (string Name, string[] Values)[] Headers =
    [
        ("If-Match", ["*", "\"\"", "\"", "W/\"x\"", "garbage", "\"a\", \"b\"", ", ,", "*, \"a\"", "\"x-gzip\"", "-gzip\"", "", new('"', 999)]),
        ("If-None-Match", ["*", "\"\"", "\"", "W/\"x\"", "garbage", "\"a\", \"b\"", ", ,", "*, \"a\"", "\"x-gzip\"", "W/", "", new('"', 999)]),
        ("Idempotency-Key", ["", " ", "a b", "\t", "\xC3\xA9", "\x01", new('k', 255), new('k', 256), new('k', 9_000), "key"]),
        ("X-Request-ID", ["", "a b", "\xC3\xA9", "{}", "\"", new('r', 128), new('r', 129), new('r', 20_000), "%00", "\x7f"]),
        ("X-API-Version", ["1.0", "2.0", "1", "", " ", "1.0, 1.0", "v1", new('1', 5_000)]),
        ("X-Tenant-ID", ["", "OTHER", "other", "%00", new('t', 64), "\xFF"]),
        ("Accept-Encoding", ["", "gzip", "br", "gzip;q=0, *;q=0", "br;q=2", "identity;q=0", "x", ";;;", new('g', 5_000), "zstd, deflate"]),
        ("Accept", ["", "text/html", "application/xml;q=nan", "/", "a"]),
        ("Accept-Language", ["", "x-klingon", new('l', 5_000)]),
        ("Content-Type", ["", "text/plain", "application/json; charset=utf-16", "application/json; charset=bogus", "application/x-ndjson", "application/jsonl", "multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary=" + new string('b', 200), "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=bogus", "application/json;;;", "application/problem+json", "application/merge-patch+json", "*/*", "application/*", "json", "\xFF", new('c', 5_000)]),
        ("Content-Encoding", ["gzip", "br", "deflate", "zstd", "identity", "gzip, br", "x", ""]),
        ("Authorization", ["", "Bearer", "Bearer ", "bearer x", "Bearer a.b.c", "Bearer ....", "Bearer eyJhbGciOiJub25lIn0.eyJ0ZW5hbnRfaWQiOiJhIn0.", "Bearer eyJhbGciOiJIUzI1NiIsImtpZCI6IlwwIn0.e30.AA", "Basic Og==", "Basic !!!", "Basic YTpiOmM=", "Basic /////w==", "Digest x", "\xC3\xA9", "Bearer " + new string('a', 20_000)]),
        ("Expect", ["100-continue", "200-ok", ""]),
        ("Range", ["bytes=0-", "bytes=-1", "x"]),
        ("Origin", ["https://evil.example", "null", "x"]),
        ("Access-Control-Request-Method", ["PUT", "", "BREW"]),
        ("X-Forwarded-For", ["1.2.3.4", "garbage", "::1, ::1", "\""]),
        ("X-Forwarded-Proto", ["https", "x", ""]),
        ("X-HTTP-Method-Override", ["DELETE"]),
        ("traceparent", ["00-00000000000000000000000000000000-0000000000000000-00", "garbage", "ff-" + new string('a', 32) + "-" + new string('b', 16) + "-01", ""]),
        ("If-Modified-Since", ["garbage", "Thu, 01 Jan 1970 00:00:00 GMT"]),
        ("Registry-Min-Position", ["-1", "x", "99999999999999999999", ""]),
        ("Cookie", ["a", "=;=;", new('c', 5_000)]),
    ];

    public static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "BREW", "get"];
}
