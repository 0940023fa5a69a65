using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace CapabilityRegistry.ServiceDefaults.Shutdown;

/// <summary>The sockets that the server listens on. They are closed when nobody stands in them any more, and before anything else is.</summary>
internal sealed partial class Doors(TimeProvider clock, ILogger<Doors> logger)
{
    /// <summary>How long a connection takes at most to be made, once it has begun.</summary>
    private static readonly TimeSpan Handshake = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long the first request takes at most to arrive on a connection that was made for it.</summary>
    private static readonly TimeSpan FirstRequest = TimeSpan.FromMilliseconds(500);

    private readonly List<Socket> _open = [];

    /// <summary>Makes the socket that the server will listen on.</summary>
    public Socket Open(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        lock (_open)
        {
            _open.Add(socket);
        }

        return socket;
    }

    /// <summary>Takes no new connection. Those that are there are served when this returns, and whoever comes finds nobody listening.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        Socket[] doors;
        lock (_open)
        {
            doors = [.. _open];
        }

        RefuseNewcomers(doors);
        await Task.Delay(Handshake, clock, cancellationToken);
        var began = clock.GetTimestamp();
        while (doors.Any(door => door.Poll(0, SelectMode.SelectRead)) && clock.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(Look, clock, cancellationToken);
        }

        foreach (var door in doors)
        {
            door.Dispose();
        }

        await Task.Delay(FirstRequest, clock, cancellationToken);
    }

    private void RefuseNewcomers(IEnumerable<Socket> doors)
    {
        try
        {
            foreach (var door in doors.Where(door => OperatingSystem.IsLinux() && door.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
            {
                Newcomers.Refuse(door);
            }
        }
        catch (SocketException exception)
        {
            Log.NotRefused(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The kernel takes no filter for a listening socket: a connection that is made in the moment in which it is closed will be reset.")]
        public static partial void NotRefused(ILogger logger, Exception exception);
    }
}
