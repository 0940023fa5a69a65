using Microsoft.AspNetCore.WebUtilities;

namespace CapabilityRegistry.Api.Http;

/// <summary>Says in a <c>Link</c> header where a list goes on (RFC 8288). No handler knows.</summary>
internal sealed class PageLinkFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await next(context);
        if (EntityTagFilter.Results.Innermost(result) is IValueHttpResult { Value: IPage { NextCursor: { } cursor } })
        {
            var request = context.HttpContext.Request;
            context.HttpContext.Response.Headers.Link = $"<{QueryHelpers.AddQueryString($"{request.PathBase}{request.Path}", "cursor", cursor)}>; rel=\"next\"";
        }

        return result;
    }
}
