namespace CapabilityRegistry.Api.Identity;

internal static class IdentityEndpoints
{
    public static void MapIdentity(this IEndpointRouteBuilder api)
    {
        var auth = api.MapGroup("/auth").WithTags("Authentication").AllowAnonymous();
        auth.MapPost("/token", GetToken.HandleAsync).WithName("GetToken").WithSummary("Gives an access token for a client's secret, as JSON or as OAuth 2.0's client credentials grant.");
    }
}
