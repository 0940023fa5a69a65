using System.Text.Json;
using CapabilityRegistry.Api.Http;

namespace CapabilityRegistry.Api.Identity;

/// <summary>What a valid token says of its bearer.</summary>
/// <param name="TenantId">The tenant in whose name.</param>
/// <param name="ClientId">The client, by the name it has in its tenant.</param>
/// <param name="SecretId">The secret that a token of our own was given for; null for one of an external issuer.</param>
/// <param name="Roles">What the client is for.</param>
/// <param name="Scopes">How much of it the token may do.</param>
internal sealed record TokenClaims(string TenantId, string ClientId, Guid? SecretId, IReadOnlyList<string> Roles, IReadOnlyList<string> Scopes)
{
    /// <summary>OpenID Connect Core, section 2, for <c>sub</c>.</summary>
    private const int LongestClient = 255;

    /// <summary>Reads our own claims, or those of an external issuer under the configured names. Null when one that is needed is missing, or of another type than it should be: of
    /// several tenants none is the one.</summary>
    public static TokenClaims? Of(JsonElement payload, AuthOptions options)
    {
        var tenant = Text(payload, options.IsExternal ? options.TenantClaim : ClaimNames.TenantId);
        var client = options.IsExternal ? Text(payload, ClaimNames.ClientId) ?? Text(payload, "azp") ?? Text(payload, "sub") : Text(payload, ClaimNames.ClientId);
        return tenant is null || !TenantName.IsValid(tenant) || client is not { Length: > 0 and <= LongestClient } || client.Any(char.IsControl) ? null
            : options.IsExternal ? External(payload, options, tenant, client)
            : Own(payload, tenant, client);
    }

    private static TokenClaims? Own(JsonElement payload, string tenant, string client) =>
        Guid.TryParse(Text(payload, ClaimNames.SecretId), out var secretId) && List(payload, ClaimNames.Roles) is { } roles && Text(payload, ClaimNames.Scope) is { } scope
            ? new(tenant, client, secretId, roles, Words(scope))
            : null;

    /// <summary>Issuers write one role as a text, scopes as a text or as a list. One that knows nothing of our scopes gives all that are of use to the roles.</summary>
    private static TokenClaims External(JsonElement payload, AuthOptions options, string tenant, string client)
    {
        var roles = List(payload, options.RolesClaim) ?? (Text(payload, options.RolesClaim) is { } one ? [one] : []);
        var scopes = Scoped(payload, ClaimNames.Scope) ?? Scoped(payload, "scp") ?? [];
        return new(tenant, client, null, roles, scopes.Intersect(Data.Identity.Scopes.All).Any() ? scopes : Data.Identity.Scopes.Of(roles));
    }

    private static string[]? Scoped(JsonElement payload, string name) => Text(payload, name) is { } text ? Words(text) : List(payload, name);

    private static string? Text(JsonElement payload, string name) => payload.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static string[]? List(JsonElement payload, string name) =>
        payload.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array && list.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(item => item.GetString()!)]
            : null;

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
