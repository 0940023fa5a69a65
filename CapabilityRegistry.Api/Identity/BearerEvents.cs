using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Sockets;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace CapabilityRegistry.Api.Identity;

/// <summary>The keys of the external issuer cannot be read, so that nobody knows whether a token is good.</summary>
internal sealed class IssuerUnavailableException(Exception inner) : Exception("The OpenID Connect issuer's configuration cannot be read.", inner);

/// <summary>What the library's handler of bearer tokens leaves open.</summary>
internal sealed class BearerEvents : JwtBearerEvents
{
    /// <summary>RFC 9110, section 11.6.2: there is one Authorization. Of several, a proxy in front may have looked at another one.</summary>
    public override Task MessageReceived(MessageReceivedContext context)
    {
        var headers = context.Request.Headers.Authorization.Count;
        var offered = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<SocketAttribute>() is null ? [] : SocketHandshake.TokensOf(context.Request);
        if (headers + offered.Count > 1)
        {
            context.Fail("The request has several tokens, or several Authorization headers.");
        }
        else if (offered is [var token])
        {
            context.Token = token;
        }

        return Task.CompletedTask;
    }

    /// <summary>A token that nobody could look at is not a bad one: a client that is told so would throw it away.</summary>
    public override Task Challenge(JwtBearerChallengeContext context)
    {
        if (context.AuthenticateFailure is { } failure && (failure is IssuerUnavailableException || ProblemExceptionHandler.IsOutage(failure)))
        {
            context.HandleResponse();
            return Problems.Unavailable("The token cannot be checked now; try again shortly.").ExecuteAsync(context.HttpContext);
        }

        // RFC 6750, section 3: what the description may hold. It can repeat claims of the token.
        if (context.ErrorDescription?.All(c => c is >= ' ' and <= '~' and not ('"' or '\\')) is false)
        {
            context.ErrorDescription = null;
        }

        return Task.CompletedTask;
    }
}
