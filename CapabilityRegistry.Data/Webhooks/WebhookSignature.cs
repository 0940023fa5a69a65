using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CapabilityRegistry.Data.Webhooks;

/// <summary>The signature scheme <c>v1</c> of Standard Webhooks: HMAC-SHA256 over id, timestamp and body.</summary>
public static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>The header's value: a signature for each of the secrets, separated by spaces.</summary>
    /// <param name="messageId">The message, the same at every attempt.</param>
    /// <param name="timestamp">The attempt's time in Unix seconds.</param>
    /// <param name="body">The body to the byte.</param>
    /// <param name="secrets">The live secrets as bytes, the newest first.</param>
    public static string Sign(string messageId, long timestamp, ReadOnlySpan<byte> body, IReadOnlyList<byte[]> secrets)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{messageId}.{timestamp}.")), .. body];
        return string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, signed))}"));
    }

    /// <summary>The message's id: of an event for a webhook, never of two.</summary>
    public static string MessageId(Guid deliveryId) => $"msg_{deliveryId:N}";
}
