using System.Net;
using System.Net.Sockets;

namespace CapabilityRegistry.Standalone.Postgres;

/// <summary>TCP ports of 127.0.0.1. What is free here can be taken a moment later: only the server's own start decides.</summary>
internal static class LoopbackPort
{
    public static int PickFree()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
