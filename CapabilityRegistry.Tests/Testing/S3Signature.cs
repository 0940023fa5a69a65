using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CapabilityRegistry.Tests.Testing;

/// <summary>A store's side of AWS Signature Version 4, in the header or in the address, written from its specification.</summary>
internal static class S3Signature
{
    private const string Unsigned = "UNSIGNED-PAYLOAD";

    private static readonly string[] InTheAddress = ["Credential", "SignedHeaders", "Signature", "Date"];

    /// <summary>Why a request is not believed; null when it is.</summary>
    public static string? Fault(HttpRequest request, byte[] body)
    {
        var claims = Claims(request);
        if (claims is null)
        {
            return "no signature";
        }

        var credential = claims["Credential"].Split('/');
        if (credential is not [StrictS3.KeyId, var day, StrictS3.Region, "s3", "aws4_request"])
        {
            return $"credential {claims["Credential"]}";
        }

        var payload = request.Headers["x-amz-content-sha256"].FirstOrDefault() ?? Unsigned;
        if (payload != Unsigned && payload != Hex(SHA256.HashData(body)))
        {
            return "the body is not the one that was signed";
        }

        var toSign = string.Join('\n', "AWS4-HMAC-SHA256", claims["Date"], $"{day}/{StrictS3.Region}/s3/aws4_request", Hex(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical(request, claims["SignedHeaders"], payload)))));
        var key = new[] { day, StrictS3.Region, "s3", "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes($"AWS4{StrictS3.Secret}"), Mac);
        return Hex(Mac(key, toSign)) == claims["Signature"] ? null : "the signature is another";
    }

    private static Dictionary<string, string>? Claims(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal))
        {
            var claims = header["AWS4-HMAC-SHA256 ".Length..].Split(',', StringSplitOptions.TrimEntries).Select(part => part.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
            claims["Date"] = request.Headers["x-amz-date"].ToString();
            return claims;
        }

        return request.Query.ContainsKey("X-Amz-Signature")
            ? InTheAddress.ToDictionary(name => name, name => request.Query[$"X-Amz-{name}"].ToString(), StringComparer.Ordinal)
            : null;
    }

    private static string Canonical(HttpRequest request, string signedHeaders, string payload)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        var query = (target.Length == 2 ? target[1] : "").Split('&', StringSplitOptions.RemoveEmptyEntries).Where(p => !p.StartsWith("X-Amz-Signature=", StringComparison.Ordinal))
            .Select(p => p.Contains('=', StringComparison.Ordinal) ? p : $"{p}=").Order(StringComparer.Ordinal);
        var headers = signedHeaders.Split(';').Select(name => $"{name}:{(name == "host" ? request.Host.Value : string.Join(',', request.Headers[name].ToArray()).Trim())}\n");
        return string.Join('\n', request.Method, target[0], string.Join('&', query), string.Concat(headers), signedHeaders, payload);
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
