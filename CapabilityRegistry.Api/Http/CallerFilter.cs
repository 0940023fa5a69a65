using CapabilityRegistry.Api.Identity;

namespace CapabilityRegistry.Api.Http;

/// <summary>Opens the scope of a request for the caller whom authentication found. The tenant is the token's; a header that says another is refused.</summary>
internal sealed class CallerFilter : IEndpointFilter
{
    public const string TenantHeader = "X-Tenant-ID";

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.User.Identity is not CallerIdentity { Caller: var caller })
        {
            // Nobody gets here but to an endpoint that is open to all.
            return next(context);
        }

        if (http.Request.Headers.TryGetValue(TenantHeader, out var named) && named != caller.TenantId)
        {
            return ValueTask.FromResult<object?>(Problems.Forbidden($"The token is of another tenant than {TenantHeader} says."));
        }

        http.RequestServices.GetRequiredService<RegistryScope>().Enter(http, caller);
        return next(context);
    }
}
