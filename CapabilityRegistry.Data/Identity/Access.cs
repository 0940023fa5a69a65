namespace CapabilityRegistry.Data.Identity;

/// <summary>The roles that a client can have, in the words of tokens.</summary>
public static class Roles
{
    public const string RegistryAdmin = "registry_admin";
    public const string TenantAdmin = "tenant_admin";
    public const string CapabilityDeveloper = "capability_developer";
    public const string CompositionDesigner = "composition_designer";
    public const string BusinessAnalyst = "business_analyst";
    public const string Observer = "observer";

    public static IReadOnlyList<string> All { get; } = [RegistryAdmin, TenantAdmin, CapabilityDeveloper, CompositionDesigner, BusinessAnalyst, Observer];
}

/// <summary>The scopes that a token can have. A role says what a client is for, a scope how much of it a token may do: both are needed.</summary>
public static class Scopes
{
    public const string Read = "registry:read";
    public const string Write = "registry:write";
    public const string Admin = "registry:admin";

    public static IReadOnlyList<string> All { get; } = [Read, Write, Admin];

    /// <summary>The scopes that are of use to a client with these roles; what it gets when none are asked for.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyCollection<string> roles)
    {
        ArgumentNullException.ThrowIfNull(roles);
        return roles.Contains(Roles.RegistryAdmin) || roles.Contains(Roles.TenantAdmin) ? All
            : roles.Contains(Roles.CapabilityDeveloper) || roles.Contains(Roles.CompositionDesigner) ? [Read, Write]
            : [Read];
    }
}
