using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Identity;
using Microsoft.AspNetCore.Authentication;

namespace CapabilityRegistry.Api.Sockets;

/// <summary>Looks again whether somebody is welcome whose socket has long been open, by the same rules as at every request.</summary>
internal sealed class SocketStanding(IServiceScopeFactory scopes)
{
    /// <summary>The caller as the token and its client's present standing say; null when it is not welcome any more. Where nobody can look, what was known holds.</summary>
    public async Task<Caller?> LookAsync(string authorization, Caller known)
    {
        await using var services = scopes.CreateAsyncScope();
        var http = new DefaultHttpContext { RequestServices = services.ServiceProvider };
        http.Request.Headers.Authorization = authorization;
        var result = await http.AuthenticateAsync();
        return result.Principal?.Identity is CallerIdentity { Caller: var caller } ? Access.Read.IsGrantedTo(caller) && caller.TenantId == known.TenantId ? caller : null
            : result.Failure is { } failure && (failure is IssuerUnavailableException || ProblemExceptionHandler.IsOutage(failure)) ? known
            : null;
    }
}
