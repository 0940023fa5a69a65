using CapabilityRegistry.Api.Collaboration;
using CapabilityRegistry.Api.Events;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Api.Sockets;

/// <summary>Who is at the other end of a socket.</summary>
/// <param name="Caller">As the handshake found it.</param>
/// <param name="Authorization">What it showed, to be looked at again.</param>
/// <param name="Expires">When that is worth nothing any more.</param>
/// <param name="ConnectionId">The socket's own name.</param>
/// <param name="Address">Where it comes from.</param>
internal sealed record SocketCaller(Caller Caller, string Authorization, DateTimeOffset Expires, string ConnectionId, string? Address);

/// <summary>What all sockets of the process share.</summary>
internal sealed class SocketServices(
    IOptions<SocketOptions> options,
    IOptions<FeaturesOptions> features,
    TenantStreams streams,
    ChangeFeed feed,
    SocketStanding standing,
    CollaborationDesk collaboration,
    SystemDatabase database,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<SocketSession> logger)
{
    public SocketOptions Options => options.Value;

    public TenantStreams Streams => streams;

    public ChangeFeed Feed => feed;

    public SocketStanding Standing => standing;

    /// <summary>Null when the feature is off.</summary>
    public CollaborationDesk? Collaboration => features.Value.IsOn(Feature.RealTimeCollaboration) ? collaboration : null;

    public TimeProvider Clock => clock;

    public ILogger Logger => logger;

    /// <summary>Cancelled when the process is about to stop.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>How far the sequence has come: what this process has followed, or where it does not know, what the table says.</summary>
    public async Task<long> HeadAsync(CancellationToken cancellationToken)
    {
        if (streams.Followed is >= 0 and var followed)
        {
            return followed;
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        return await EventReader.HeadAsync(connection, cancellationToken);
    }
}
