using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace CapabilityRegistry.Api.Identity;

/// <summary>The keys of our own tokens, by <c>kid</c>. The kid is a digest of the key, so that replicas agree on it and a rotation needs the keys only.</summary>
internal sealed class SigningKeys
{
    private readonly Dictionary<string, SecurityKey> _keys = new(StringComparer.Ordinal);

    public SigningKeys(IOptions<AuthOptions> options)
    {
        // Only Development gets here without a key (AddRegistryIdentity): then tokens live as long as the process.
        var current = Add(options.Value.SigningKey is { Length: > 0 } key ? Encoding.UTF8.GetBytes(key) : RandomNumberGenerator.GetBytes(AuthOptions.ShortestKeyBytes));
        if (options.Value.PreviousSigningKey is { Length: > 0 } previous)
        {
            Add(Encoding.UTF8.GetBytes(previous));
        }

        Current = new(current, SecurityAlgorithms.HmacSha256);
    }

    /// <summary>What new tokens are signed with.</summary>
    public SigningCredentials Current { get; }

    /// <summary>The key that a token names. A token that names none, or one that is not ours, has no key: nothing in a token leads anywhere else.</summary>
    public IEnumerable<SecurityKey> Find(string? kid) => kid is not null && _keys.TryGetValue(kid, out var key) ? [key] : [];

    private SymmetricSecurityKey Add(byte[] bytes)
    {
        var kid = Base64Url.EncodeToString(HMACSHA256.HashData(bytes, "capability-registry kid"u8).AsSpan(0, 9));
        var key = new SymmetricSecurityKey(bytes) { KeyId = kid };
        _keys[kid] = key;
        return key;
    }
}
