using System.Text;
using CapabilityRegistry.Data.Webhooks;
using CapabilityRegistry.Tests.Testing;
using Microsoft.AspNetCore.DataProtection;

namespace CapabilityRegistry.Tests.Data.Webhooks;

/// <summary>Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md</summary>
public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const long Timestamp = 1_614_265_330;
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");

    [Fact]
    public void The_published_known_answer_is_ours()
    {
        Assert.Equal(Signature, WebhookSignature.Sign(Id, Timestamp, Body, [BytesOf(Secret)]));
        Assert.True(WebhookVerifier.Verify(Secret, Id, $"{Timestamp}", Body, Signature));
    }

    [Fact]
    public void Every_live_secret_signs_and_each_can_be_verified_alone()
    {
        var (_, other) = new WebhookSecrets(new EphemeralDataProtectionProvider()).Create(Guid.Empty);
        var signatures = WebhookSignature.Sign(Id, Timestamp, Body, [BytesOf(other), BytesOf(Secret)]);
        Assert.EndsWith($" {Signature}", signatures, StringComparison.Ordinal);
        Assert.True(WebhookVerifier.Verify(Secret, Id, $"{Timestamp}", Body, signatures));
        Assert.True(WebhookVerifier.Verify(other, Id, $"{Timestamp}", Body, signatures));
    }

    [Fact]
    public void Another_id_time_body_or_secret_is_not_verified()
    {
        var signature = WebhookSignature.Sign(Id, Timestamp, Body, [BytesOf(Secret)]);
        Assert.False(WebhookVerifier.Verify(Secret, Id + "x", $"{Timestamp}", Body, signature));
        Assert.False(WebhookVerifier.Verify(Secret, Id, $"{Timestamp + 1}", Body, signature));
        Assert.False(WebhookVerifier.Verify(Secret, Id, $"{Timestamp}", [.. Body, 32], signature));
        Assert.False(WebhookVerifier.Verify("whsec_AAAA9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Id, $"{Timestamp}", Body, signature));
    }

    [Fact]
    public void A_secret_has_as_many_random_bytes_as_the_specification_wants_and_is_kept_encrypted_for_its_webhook_alone()
    {
        var secrets = new WebhookSecrets(new EphemeralDataProtectionProvider());
        var (mine, others) = (new Guid(1, 0, 0, new byte[8]), new Guid(2, 0, 0, new byte[8]));
        var (kept, shown) = secrets.Create(mine);
        Assert.StartsWith("whsec_", shown, StringComparison.Ordinal);
        Assert.InRange(BytesOf(shown).Length, 24, 64);
        Assert.Equal(-1, kept.AsSpan().IndexOf(BytesOf(shown)));
        Assert.Equal(BytesOf(shown), Assert.Single(secrets.LiveOf(mine, kept, null, null, DateTimeOffset.UnixEpoch)));
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => secrets.LiveOf(others, kept, null, null, DateTimeOffset.UnixEpoch));
        Assert.NotEqual(shown, secrets.Create(mine).Shown);
    }

    private static byte[] BytesOf(string secret) => Convert.FromBase64String(secret["whsec_".Length..]);
}
