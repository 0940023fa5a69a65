using Microsoft.Extensions.Primitives;

namespace CapabilityRegistry.Api.Http;

/// <summary>Gives the compressed form of an answer an entity tag of its own, as RFC 9110, section 8.8.3.3 wants it of strong ones: <c>"tag-gzip"</c>; and takes it back in conditions.</summary>
internal static class ContentCodingTags
{
    private static readonly string[] Codings = ["-gzip\"", "-br\"", "-zstd\"", "-deflate\""];

    public static IApplicationBuilder UseContentCodingTags(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Request.Headers;
        if (headers.AcceptEncoding.Count > 0)
        {
            context.Response.OnStarting(AddCoding, new Asked(context.Response, headers.IfNoneMatch.ToString()));
        }

        headers.IfNoneMatch = WithoutCoding(headers.IfNoneMatch);
        headers.IfMatch = WithoutCoding(headers.IfMatch);
        return next(context);
    });

    /// <summary>An answer without content has no coding: a 304 names the form that the caller has.</summary>
    private static Task AddCoding(object state)
    {
        var (response, condition) = (Asked)state;
        if (response.Headers.ETag is not [{ } tag] || !tag.EndsWith('"'))
        {
            return Task.CompletedTask;
        }

        var coded = response.StatusCode == StatusCodes.Status304NotModified ? Array.Find(Codings, c => condition.Contains($"{OpaqueOf(tag)}{c}", StringComparison.Ordinal))
            : response.Headers.ContentEncoding is [{ Length: > 0 } coding] ? $"-{coding}\""
            : null;
        if (coded is not null)
        {
            response.Headers.ETag = $"{tag.AsSpan(0, tag.Length - 1)}{coded}";
        }

        return Task.CompletedTask;
    }

    /// <summary>The tag from its first quotation mark to before its last: what weak and strong, plain and coded forms have in common.</summary>
    private static ReadOnlySpan<char> OpaqueOf(string tag) => tag.AsSpan(tag.IndexOf('"', StringComparison.Ordinal)..^1);

    /// <summary>Conditions with the tags of the plain forms.</summary>
    public static StringValues WithoutCoding(StringValues conditions)
    {
        if (conditions.Count == 0)
        {
            return conditions;
        }

        var text = conditions.ToString();
        return Array.Exists(Codings, c => text.Contains(c, StringComparison.Ordinal)) ? Codings.Aggregate(text, (t, c) => t.Replace(c, "\"", StringComparison.Ordinal)) : conditions;
    }

    private sealed record Asked(HttpResponse Response, string IfNoneMatch);
}
