using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CapabilityRegistry.Tests.Testing;

/// <summary>A receiver's side of Standard Webhooks, written from its specification and not from our sender's code.</summary>
internal static class WebhookVerifier
{
    /// <summary>Whether one of the signatures is this secret's.</summary>
    public static bool Verify(string secret, string id, string timestamp, byte[] body, string signatures)
    {
        var key = Convert.FromBase64String(secret.StartsWith("whsec_", StringComparison.Ordinal) ? secret["whsec_".Length..] : secret);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.ASCII.GetBytes($"{id}.{long.Parse(timestamp, CultureInfo.InvariantCulture)}."));
        hmac.AppendData(body);
        var expected = hmac.GetHashAndReset();
        return signatures.Split(' ').Select(s => s.Split(',', 2)).Any(s => s[0] == "v1" && CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(s[1]), expected));
    }
}
