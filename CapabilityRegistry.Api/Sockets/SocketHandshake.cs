using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Api.Sockets;

/// <summary>Marks the endpoint to which browsers may bring their token as a subprotocol: they cannot set headers there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SocketAttribute : Attribute;

/// <summary>What is looked at before a request becomes a socket, beside what is looked at in every request.</summary>
internal sealed class SocketHandshake(IOptions<CorsSettings> cors)
{
    public const string Protocol = "registry.v1";

    private const string BearerPrefix = "bearer.";

    /// <summary>The tokens among the subprotocols that are offered.</summary>
    public static IReadOnlyList<string> TokensOf(HttpRequest request) =>
        [.. Offered(request).Where(p => p.StartsWith(BearerPrefix, StringComparison.Ordinal)).Select(p => p[BearerPrefix.Length..])];

    /// <summary>The token of a request that has been authenticated, as an <c>Authorization</c> header.</summary>
    public static string AuthorizationOf(HttpRequest request) => request.Headers.Authorization is [{ } header] ? header : $"Bearer {TokensOf(request)[0]}";

    /// <summary>Why there will be no socket; null when there may be one.</summary>
    public Problem? Refuse(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            return Problems.UpgradeRequired();
        }

        if (http.Request.Headers.Origin is [{ } origin] && origin != $"{http.Request.Scheme}://{http.Request.Host}" && !cors.Value.Origins.Contains(origin, StringComparer.Ordinal))
        {
            return Problems.Forbidden("Pages of this origin may not connect; Cors:Origins names those that may.");
        }

        // A browser that offered something and is answered with nothing would end the connection without saying why.
        return Offered(http.Request) is { Length: > 0 } offered && !offered.Contains(Protocol, StringComparer.Ordinal)
            ? Problems.Invalid([new Finding("", "unknown_subprotocol", $"Offer the subprotocol {Protocol}, or none.")])
            : null;
    }

    /// <summary>The subprotocol that is spoken. The one with the token is never said back.</summary>
    public static string? Chosen(HttpRequest request) => Offered(request).Length > 0 ? Protocol : null;

    private static string[] Offered(HttpRequest request) =>
        request.Headers.SecWebSocketProtocol.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
