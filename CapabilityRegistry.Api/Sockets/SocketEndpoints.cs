using CapabilityRegistry.Api.Collaboration;
using CapabilityRegistry.Api.Events;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.ServiceDefaults.Configuration;
using StackExchange.Redis;

namespace CapabilityRegistry.Api.Sockets;

internal static class SocketEndpoints
{
    public static void AddSockets(this IServiceCollection services)
    {
        services.AddRegistryOptions<SocketOptions>(SocketOptions.SectionName);
        services.AddSingleton<TenantStreams>();
        services.AddSingleton<IEventFollower>(provider => provider.GetRequiredService<TenantStreams>());
        services.AddSingleton<SocketHandshake>();
        services.AddSingleton<SocketPlaces>();
        services.AddSingleton<SocketStanding>();
        services.AddSingleton<SocketMetrics>();
        services.AddSingleton<SocketServices>();
        services.AddSingleton<SocketDesk>();

        services.AddSingleton<Rooms>();
        services.AddSingleton<IEventFollower>(provider => provider.GetRequiredService<Rooms>());
        services.AddSingleton<IPresenceBus>(provider => provider.GetService<IConnectionMultiplexer>() is { } redis ? ActivatorUtilities.CreateInstance<RedisPresence>(provider, redis) : new LocalPresence());
        services.AddSingleton<CompositionReader>();
        services.AddSingleton<CollaborativeEdit>();
        services.AddSingleton<CollaborationDesk>();
        services.AddHostedService<PresenceBeat>();
    }

    /// <summary>Outside of the OpenAPI document, which has no words for sockets: docs/websocket.md describes it. CONNECT is how HTTP/2 asks (RFC 8441).</summary>
    public static void MapSockets(this IEndpointRouteBuilder api) =>
        api.MapMethods("/ws/{tenantId}", [HttpMethods.Get, HttpMethods.Connect], ConnectSocket.HandleAsync).WithName("ConnectSocket").Requires(Access.Read).DisableRequestTimeout().ExcludeFromDescription();
}
