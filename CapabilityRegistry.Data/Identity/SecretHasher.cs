using System.Buffers.Text;
using System.Security.Cryptography;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Identity;

namespace CapabilityRegistry.Data.Identity;

/// <summary>Makes and checks the secrets of clients. Hashing is that of ASP.NET Core Identity (PBKDF2 with HMAC-SHA512, salted).</summary>
public sealed class SecretHasher
{
    private const string Mark = "crs_";
    private const int RandomBytes = 32;
    private static readonly int IdLength = Base64Url.GetEncodedLength(16);

    private readonly PasswordHasher<ApiClientSecret> _hasher = new();
    private readonly string _decoy;

    public SecretHasher() => _decoy = Hash("a secret that nobody has");

    /// <summary>A new secret of 256 random bits. It carries its id, so that checking one does not try the others.</summary>
    public static string NewSecret(Guid id) => $"{Mark}{Base64Url.EncodeToString(id.ToByteArray(bigEndian: true))}{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes))}";

    /// <summary>The id in a secret that <see cref="NewSecret"/> made; null for one that somebody thought up.</summary>
    public static Guid? IdOf(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        Span<byte> id = stackalloc byte[16];
        return secret.StartsWith(Mark, StringComparison.Ordinal) && secret.Length > Mark.Length + IdLength
            && Base64Url.IsValid(secret.AsSpan(Mark.Length, IdLength)) && Base64Url.TryDecodeFromChars(secret.AsSpan(Mark.Length, IdLength), id, out var length) && length == 16
            ? new(id, bigEndian: true)
            : null;
    }

    public string Hash(string secret) => _hasher.HashPassword(null!, secret);

    /// <summary>Whether a secret is the one of a hash. Without a hash it takes as long and says no, so that time does not tell which clients exist.</summary>
    public bool IsRight(string? hash, string secret) => _hasher.VerifyHashedPassword(null!, hash ?? _decoy, secret) is not PasswordVerificationResult.Failed && hash is not null;
}
