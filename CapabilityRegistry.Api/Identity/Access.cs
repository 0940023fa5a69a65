using CapabilityRegistry.Data.Identity;
using Microsoft.AspNetCore.Authorization;

namespace CapabilityRegistry.Api.Identity;

/// <summary>What an operation demands: a scope of the token and one of several roles of the client. Also the metadata by which the contract tells writes from reads.</summary>
/// <param name="Name">The policy's name.</param>
/// <param name="Scope">The scope that the token must have.</param>
/// <param name="Writes">Whether operations under it change something.</param>
/// <param name="AnyOf">The roles of which the client must have one.</param>
internal sealed record Access(string Name, string Scope, bool Writes, IReadOnlyList<string> AnyOf)
{
    public static readonly Access Read = new("read", Scopes.Read, Writes: false, Roles.All);
    public static readonly Access WriteCapabilities = new("write capabilities", Scopes.Write, Writes: true, [Roles.TenantAdmin, Roles.CapabilityDeveloper]);
    public static readonly Access WriteCompositions = new("write compositions", Scopes.Write, Writes: true, [Roles.TenantAdmin, Roles.CompositionDesigner]);
    public static readonly Access ReadWebhooks = new("read webhooks", Scopes.Read, Writes: false, [Roles.TenantAdmin, Roles.CapabilityDeveloper]);
    public static readonly Access WriteWebhooks = new("write webhooks", Scopes.Write, Writes: true, [Roles.TenantAdmin, Roles.CapabilityDeveloper]);

    /// <summary>What a device does on its own account; each action that it brings along demands an access of its own.</summary>
    public static readonly Access SyncMobile = new("sync a mobile device", Scopes.Read, Writes: true, Roles.All);
    public static readonly Access ReadAudit = new("read the audit", Scopes.Admin, Writes: false, [Roles.TenantAdmin]);
    public static readonly Access ReadClients = new("read clients", Scopes.Admin, Writes: false, [Roles.TenantAdmin]);
    public static readonly Access WriteClients = new("write clients", Scopes.Admin, Writes: true, [Roles.TenantAdmin]);
    public static readonly Access ReadTenants = new("read tenants", Scopes.Admin, Writes: false, [Roles.RegistryAdmin]);
    public static readonly Access WriteTenants = new("write tenants", Scopes.Admin, Writes: true, [Roles.RegistryAdmin]);
    public static readonly Access OperateRegistry = new("operate the registry", Scopes.Admin, Writes: false, [Roles.RegistryAdmin]);
    public static readonly Access ChangeRegistry = new("change the registry", Scopes.Admin, Writes: true, [Roles.RegistryAdmin]);
    public static readonly Access ReadNotifications = new("read notifications", Scopes.Admin, Writes: false, [Roles.TenantAdmin]);
    public static readonly Access WriteNotifications = new("write notifications", Scopes.Admin, Writes: true, [Roles.TenantAdmin]);

    public static IReadOnlyList<Access> All { get; } =
        [Read, WriteCapabilities, WriteCompositions, ReadWebhooks, WriteWebhooks, ReadAudit, ReadClients, WriteClients, ReadTenants, WriteTenants, OperateRegistry, ChangeRegistry, SyncMobile, ReadNotifications, WriteNotifications];

    public bool IsGrantedTo(Caller caller) => caller.Scopes.Contains(Scope) && AnyOf.Any(caller.Roles.Contains);
}

/// <summary>An <see cref="Access"/> as ASP.NET Core's authorization knows it.</summary>
internal sealed class AccessRequirement(Access access) : AuthorizationHandler<AccessRequirement>, IAuthorizationRequirement
{
    private Access Access { get; } = access;

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AccessRequirement requirement)
    {
        if (context.User.Identity is CallerIdentity { Caller: var caller } && requirement.Access.IsGrantedTo(caller))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

internal static class AccessConventions
{
    /// <summary>Demands an access of everything built here. What a group demands and what its endpoint demands must both be met; the endpoint's says whether it writes.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder builder, Access access)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(access.Name).WithMetadata(access);

    /// <summary>Whether an endpoint changes something.</summary>
    public static bool Writes(this Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<Access>() is { Writes: true };
}
