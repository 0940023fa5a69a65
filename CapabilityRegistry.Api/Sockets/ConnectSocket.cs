using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Authentication;

namespace CapabilityRegistry.Api.Sockets;

/// <summary>Makes a socket of a request, and stays as long as it is open.</summary>
internal static class ConnectSocket
{
    [Socket]
    public static async Task<IResult> HandleAsync(string tenantId, RegistryScope scope, SocketHandshake handshake, SocketDesk desk, CancellationToken cancellationToken)
    {
        if (tenantId != scope.TenantId)
        {
            return Problems.NotFound("tenant");
        }

        return handshake.Refuse(scope.Http) ?? await desk.ServeAsync(scope.Http, CallerOf(scope), cancellationToken) ?? Results.Empty;
    }

    private static SocketCaller CallerOf(RegistryScope scope)
    {
        var http = scope.Http;
        var expires = http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc ?? DateTimeOffset.MaxValue;
        return new(scope.Caller, SocketHandshake.AuthorizationOf(http.Request), expires, scope.NewId().ToString(), http.Connection.RemoteIpAddress?.ToString());
    }
}

/// <summary>Where sockets are opened.</summary>
internal sealed class SocketDesk(SocketServices services, SocketPlaces places, SocketMetrics metrics)
{
    /// <summary>Opens a socket and serves it to its end.</summary>
    /// <returns>Why there is none; null when there was one.</returns>
    public async Task<IResult?> ServeAsync(HttpContext http, SocketCaller caller, CancellationToken cancellationToken)
    {
        using var place = places.TryTake(caller.Caller);
        if (place is null)
        {
            return Problems.TooManySockets();
        }

        var head = await services.HeadAsync(cancellationToken);
        var keepAlive = TimeSpan.FromSeconds(services.Options.KeepAliveSeconds);
        using var socket = await http.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { SubProtocol = SocketHandshake.Chosen(http.Request), KeepAliveInterval = keepAlive, KeepAliveTimeout = keepAlive });
        using var session = new SocketSession(services, socket, caller, head, http.Abort);
        metrics.Opened();
        metrics.Closed(await session.RunAsync());
        return null;
    }
}
