using System.ComponentModel.DataAnnotations;

namespace CapabilityRegistry.Data.Identity;

/// <summary>The first tenant and its administrator, made at the first start.</summary>
public sealed class BootstrapOptions
{
    public const string SectionName = "Bootstrap";

    [RegularExpression("^[a-z0-9][a-z0-9_-]{0,62}$")]
    public string TenantId { get; set; } = "default";

    [Required, StringLength(200)]
    public string TenantName { get; set; } = "Default";

    [RegularExpression("^[a-z0-9][a-z0-9._-]{0,62}$")]
    public string ClientId { get; set; } = "admin";

    /// <summary>The administrator's secret. Without one there is no administrator, and nobody but an external issuer's users gets in.</summary>
    [StringLength(512, MinimumLength = 16)]
    public string? ClientSecret { get; set; }
}
