using System.Security.Claims;

namespace CapabilityRegistry.Api.Identity;

/// <summary>Who asks, as a believed token says.</summary>
/// <param name="TenantId">The tenant in whose name.</param>
/// <param name="ClientId">The client, by the name it has in its tenant.</param>
/// <param name="Roles">What the client is for.</param>
/// <param name="Scopes">How much of it the token may do.</param>
internal sealed record Caller(string TenantId, string ClientId, IReadOnlySet<string> Roles, IReadOnlySet<string> Scopes);

/// <summary>A caller in the clothes of claims.</summary>
internal sealed class CallerIdentity : ClaimsIdentity
{
    public CallerIdentity(Caller caller)
        : base("Bearer", ClaimNames.ClientId, ClaimNames.Roles)
    {
        Caller = caller;
        AddClaim(new(ClaimNames.TenantId, caller.TenantId));
        AddClaim(new(ClaimNames.ClientId, caller.ClientId));
        AddClaims(caller.Roles.Select(role => new Claim(ClaimNames.Roles, role)));
    }

    public Caller Caller { get; }
}

/// <summary>The names of claims in our own tokens.</summary>
internal static class ClaimNames
{
    public const string TenantId = "tenant_id";
    public const string ClientId = "client_id";
    public const string Roles = "roles";
    public const string Scope = "scope";

    /// <summary>The id of the secret that the token was given for: revoking that one ends the token too.</summary>
    public const string SecretId = "sid";
}
