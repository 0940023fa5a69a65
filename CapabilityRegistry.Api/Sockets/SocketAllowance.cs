using CapabilityRegistry.Api.Limits;

namespace CapabilityRegistry.Api.Sockets;

/// <summary>How much a socket may still say, and how much nonsense.</summary>
internal sealed class SocketAllowance
{
    private readonly TimeProvider _clock;
    private readonly long _started;
    private readonly TokenBucket _messages;
    private readonly TokenBucket _offences;

    public SocketAllowance(SocketOptions options, TimeProvider clock)
    {
        (_clock, _started) = (clock, clock.GetTimestamp());
        _messages = new(new(new() { RequestsPerMinute = options.MessagesPerMinute, Burst = options.MessageBurst }), 0);
        _offences = new(new(new() { RequestsPerMinute = options.OffencesPerMinute, Burst = options.OffencesPerMinute }), 0);
    }

    /// <summary>Takes a message. False when there were too many.</summary>
    public bool TakeMessage() => Take(_messages);

    /// <summary>Takes a message that was refused. False when there were too many.</summary>
    public bool TakeOffence() => Take(_offences);

    private bool Take(TokenBucket bucket) => bucket.TryTake(_clock.GetElapsedTime(_started).Ticks / TimeSpan.TicksPerMicrosecond) is { Allowed: true };
}
