using System.ComponentModel.DataAnnotations;

namespace CapabilityRegistry.Api.Sockets;

/// <summary>The section <c>Sockets</c>: what a WebSocket may use.</summary>
internal sealed class SocketOptions
{
    public const string SectionName = "Sockets";

    /// <summary>How many a tenant may have open, in one process.</summary>
    [Range(1, 1_000_000)]
    public int PerTenant { get; set; } = 2_000;

    /// <summary>How many one client may have open, in one process.</summary>
    [Range(1, 1_000_000)]
    public int PerClient { get; set; } = 200;

    /// <summary>The length of the longest message that a client may send.</summary>
    [Range(1_024, 4 * 1_024 * 1_024)]
    public int MessageBytes { get; set; } = 256 * 1_024;

    /// <summary>How many messages a client may send in the long run.</summary>
    [Range(1, 1_000_000)]
    public int MessagesPerMinute { get; set; } = 600;

    /// <summary>How many messages a client may send at once.</summary>
    [Range(1, 100_000)]
    public int MessageBurst { get; set; } = 60;

    /// <summary>How many messages that are refused a client may send in a minute before it is shown the door.</summary>
    [Range(1, 100_000)]
    public int OffencesPerMinute { get; set; } = 20;

    /// <summary>How much may wait for a client to take it, beside the events, of which none waits: they are in the sequence.</summary>
    [Range(64 * 1_024, 64 * 1_024 * 1_024)]
    public int QueueBytes { get; set; } = 4 * 1_024 * 1_024;

    /// <summary>How long one message may take to leave before the client is too slow.</summary>
    [Range(1, 3_600)]
    public int SendSeconds { get; set; } = 30;

    /// <summary>After how much silence a ping is sent, and how long its pong may take.</summary>
    [Range(1, 3_600)]
    public int KeepAliveSeconds { get; set; } = 30;

    /// <summary>How often the other processes are told who is at a composition here.</summary>
    [Range(1, 3_600)]
    public int PresenceSeconds { get; set; } = 10;

    /// <summary>How often it is looked whether the caller is still welcome, where no event says that something changed.</summary>
    [Range(1, 3_600)]
    public int RecheckSeconds { get; set; } = 60;
}
