using System.Security.Cryptography;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.DataProtection;

namespace CapabilityRegistry.Data.Webhooks;

/// <summary>Makes secrets, and keeps them so that the tables alone do not give them away. What is encrypted for one webhook cannot be read as another's.</summary>
public sealed class WebhookSecrets(IDataProtectionProvider protection)
{
    /// <summary>What a secret begins with when it is shown.</summary>
    public const string Prefix = "whsec_";

    /// <summary>The specification wants 24 to 64.</summary>
    private const int Bytes = 32;

    private readonly IDataProtector _protector = protection.CreateProtector("registry.webhook-secrets");

    /// <summary>A new secret, as it is kept and as it is shown once.</summary>
    public (byte[] Kept, string Shown) Create(Guid webhookId)
    {
        var secret = RandomNumberGenerator.GetBytes(Bytes);
        return (Of(webhookId).Protect(secret), Prefix + Convert.ToBase64String(secret));
    }

    /// <summary>The secrets that sign at a time, the newest first.</summary>
    /// <exception cref="CryptographicException">The keys that they were encrypted with are gone.</exception>
    public IReadOnlyList<byte[]> LiveOf(Guid webhookId, byte[] secret, byte[]? previous, DateTimeOffset? previousExpiresAt, DateTimeOffset now)
    {
        var protector = Of(webhookId);
        return previous is not null && previousExpiresAt > now ? [protector.Unprotect(secret), protector.Unprotect(previous)] : [protector.Unprotect(secret)];
    }

    /// <summary>Puts a new secret in the place of the present one, which signs on for a while. One that was previous already ends.</summary>
    /// <returns>The new secret, to be shown once.</returns>
    public string Rotate(Webhook webhook, DateTimeOffset now, TimeSpan overlap)
    {
        ArgumentNullException.ThrowIfNull(webhook);
        var (kept, shown) = Create(webhook.WebhookId);
        webhook.PreviousSecret = overlap > TimeSpan.Zero ? webhook.Secret : null;
        webhook.PreviousSecretExpiresAt = overlap > TimeSpan.Zero ? now + overlap : null;
        webhook.Secret = kept;
        return shown;
    }

    private IDataProtector Of(Guid webhookId) => _protector.CreateProtector(webhookId.ToString());
}
