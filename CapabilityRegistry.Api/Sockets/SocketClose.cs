using System.Globalization;
using System.Net.WebSockets;

namespace CapabilityRegistry.Api.Sockets;

/// <summary>Why a socket is closed (RFC 6455, section 7.4; from 4000 on the codes are ours).</summary>
internal enum SocketClose
{
    Normal = 1000,
    GoingAway = 1001,
    NotText = 1003,
    Abuse = 1008,
    TooLong = 1009,
    Bug = 1011,
    NotWelcome = 4401,
    TooSlow = 4408,
    Unavailable = 4503,
}

internal static class SocketCloses
{
    public static WebSocketCloseStatus Code(this SocketClose close) => (WebSocketCloseStatus)(int)close;

    /// <summary>What the close frame says: everything up to the position was sent.</summary>
    public static string Reason(this SocketClose close, long position) => string.Create(CultureInfo.InvariantCulture, $"position={position}; {Sentence(close)}");

    private static string Sentence(SocketClose close) => close switch
    {
        SocketClose.Normal => "goodbye",
        SocketClose.GoingAway => "the service is stopping; connect again",
        SocketClose.NotText => "messages are text",
        SocketClose.Abuse => "too many messages that were refused",
        SocketClose.TooLong => "the message is too long",
        SocketClose.NotWelcome => "the token has expired or its client is no longer welcome",
        SocketClose.TooSlow => "too much waits for you; read faster",
        SocketClose.Unavailable => "the database does not answer; connect again shortly",
        _ => "something went wrong on our side",
    };
}
