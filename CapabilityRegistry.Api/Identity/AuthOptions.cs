using System.ComponentModel.DataAnnotations;
using System.Text;

namespace CapabilityRegistry.Api.Identity;

/// <summary>Who is believed, and how tokens are made.</summary>
internal sealed class AuthOptions : IValidatableObject
{
    public const string SectionName = "Auth";

    /// <summary>RFC 7518, section 3.2: a key for HS256 has at least the length of its hash.</summary>
    public const int ShortestKeyBytes = 32;

    /// <summary>Signs the tokens that are issued here. Must be configured outside of Development.</summary>
    public string? SigningKey { get; set; }

    /// <summary>The key of before a rotation: tokens that it signed are believed until they expire.</summary>
    public string? PreviousSigningKey { get; set; }

    [Range(1, 24 * 60)]
    public int AccessTokenMinutes { get; set; } = 30;

    [Required]
    public string Issuer { get; set; } = "capability-registry";

    [Required]
    public string Audience { get; set; } = "capability-registry";

    /// <summary>The address of an OpenID Connect issuer whose access tokens are believed instead of our own; then none are issued here.</summary>
    [Url]
    public string? Authority { get; set; }

    /// <summary>The claim of the external issuer that holds the tenant.</summary>
    [Required]
    public string TenantClaim { get; set; } = "tenant_id";

    /// <summary>The claim of the external issuer that holds the roles.</summary>
    [Required]
    public string RolesClaim { get; set; } = "roles";

    public bool IsExternal => Authority is { Length: > 0 };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, variable, key) in new[] { (nameof(SigningKey), " (JWT_SECRET_KEY)", SigningKey), (nameof(PreviousSigningKey), "", PreviousSigningKey) })
        {
            if (key is { Length: > 0 } && Encoding.UTF8.GetByteCount(key) < ShortestKeyBytes)
            {
                yield return new($"{SectionName}:{name}{variable} must have at least {ShortestKeyBytes} bytes.", [name]);
            }
        }
    }
}
