using CapabilityRegistry.Api.Identity;

namespace CapabilityRegistry.Api.Clients;

internal static class ClientEndpoints
{
    public static void MapClients(this IEndpointRouteBuilder api)
    {
        var clients = api.MapGroup("/clients").WithTags("Clients").Requires(Access.ReadClients);
        clients.MapGet("/", ListClients.HandleAsync).WithName("ListClients").WithSummary("Lists the API clients of the tenant.");
        clients.MapPost("/", CreateClient.HandleAsync).WithName("CreateClient").WithSummary("Creates an API client and shows its first secret, once.").Requires(Access.WriteClients);
        clients.MapGet("/{clientId}", GetClient.HandleAsync).WithName("GetClient").WithSummary("Reads an API client and what is known of its secrets.");
        clients.MapPatch("/{clientId}", PatchClient.HandleAsync).WithName("PatchClient").WithSummary("Changes name, roles or scopes of an API client (RFC 7396).").Requires(Access.WriteClients);
        clients.MapDelete("/{clientId}", RevokeClient.HandleAsync).WithName("RevokeClient").WithSummary("Revokes an API client with all of its secrets and tokens.").Requires(Access.WriteClients);
        clients.MapPost("/{clientId}/secrets", CreateSecret.HandleAsync).WithName("CreateSecret").WithSummary("Makes a further secret of an API client and shows it, once.").Requires(Access.WriteClients);
        clients.MapDelete("/{clientId}/secrets/{secretId:guid}", RevokeSecret.HandleAsync).WithName("RevokeSecret").WithSummary("Revokes a secret and the tokens that were given for it.").Requires(Access.WriteClients);
    }
}
