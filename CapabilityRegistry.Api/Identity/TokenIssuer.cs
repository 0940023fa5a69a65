using CapabilityRegistry.Data.Model;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CapabilityRegistry.Api.Identity;

/// <summary>A token as the OAuth 2.0 answer carries it (RFC 6749, section 5.1).</summary>
internal sealed record AccessToken([property: System.Text.Json.Serialization.JsonPropertyName("access_token")] string Token, string TokenType, int ExpiresIn, string Scope);

/// <summary>Makes access tokens (RFC 9068), signed with the current key.</summary>
internal sealed class TokenIssuer(SigningKeys keys, IOptions<AuthOptions> options, TimeProvider clock)
{
    /// <summary>RFC 9068, section 2.1: no other kind of token of ours can be taken for an access token.</summary>
    public const string TokenType = "at+jwt";

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>A token for a client that has shown a secret. It does not outlive the secret.</summary>
    public AccessToken Issue(ApiClient client, Guid secretId, IReadOnlyCollection<string> scopes, DateTimeOffset? secretExpiresAt = null)
    {
        var now = clock.GetUtcNow();
        var lifetime = TimeSpan.FromMinutes(options.Value.AccessTokenMinutes);
        if (secretExpiresAt is { } end && end - now < lifetime)
        {
            lifetime = end - now;
        }

        var scope = string.Join(' ', scopes);
        var token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = TokenType,
            Issuer = options.Value.Issuer,
            Audience = options.Value.Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + lifetime).UtcDateTime,
            SigningCredentials = keys.Current,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["sub"] = client.ApiClientId.ToString(),
                ["jti"] = Guid.CreateVersion7(now).ToString(),
                [ClaimNames.TenantId] = client.TenantId,
                [ClaimNames.ClientId] = client.ClientId,
                [ClaimNames.Roles] = client.Roles,
                [ClaimNames.Scope] = scope,
                [ClaimNames.SecretId] = secretId.ToString(),
            },
        });
        return new(token, "bearer", (int)lifetime.TotalSeconds, scope);
    }
}
