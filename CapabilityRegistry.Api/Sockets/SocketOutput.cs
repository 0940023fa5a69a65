using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Threading.Channels;

namespace CapabilityRegistry.Api.Sockets;

/// <summary>Everything that leaves a socket, in one order: answers and what others do as they come, and between them the events of the subscription.</summary>
/// <remarks>Memory is bounded: events do not wait here, and of the rest there is at most so much, or the socket is closed.</remarks>
internal sealed class SocketOutput(WebSocket socket, SocketOptions options, TimeProvider clock, long position, Action cut)
{
    /// <summary>What a waiting message takes beside its bytes.</summary>
    private const int Overhead = 256;

    /// <summary>How long somebody who does not read gets to see why it is over.</summary>
    private static readonly TimeSpan Parting = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<(Func<byte[]> Make, int Cost)> _waiting = new();
    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private int _waitingBytes;
    private int _close;
    private Subscription? _subscription;

    /// <summary>Why it is over; null while it is not.</summary>
    public SocketClose? Close => Volatile.Read(ref _close) is not 0 and var close ? (SocketClose)close : null;

    public bool IsSubscribed => Volatile.Read(ref _subscription) is not null;

    /// <summary>Everything up to here was sent, of what was subscribed to.</summary>
    private long Position => _subscription?.Position ?? position;

    /// <summary>Ends the socket once what is being sent is sent. The first reason counts.</summary>
    public void End(SocketClose close)
    {
        if (Interlocked.CompareExchange(ref _close, (int)close, 0) == 0)
        {
            Ring();
        }
    }

    /// <summary>Has it looked for events again.</summary>
    public void Ring() => _bell.Writer.TryWrite(true);

    public void Send(ServerMessage message) => Send(message.ToJson());

    /// <summary>Sends a message that others get too.</summary>
    public void Send(byte[] json) => Add(() => json, json.Length);

    /// <summary>Sends a message that is made when its turn has come: what was sent before it is known by then, and what is not in it comes behind it.</summary>
    public void Send(Func<ServerMessage> make) => Add(() => make().ToJson(), 0);

    /// <summary>Says how far everything is sent, when its turn has come.</summary>
    public void SendPosition(Func<long, ServerMessage> make) => Add(() => make(Position).ToJson(), 0);

    /// <summary>Begins a subscription, in place of the one before.</summary>
    /// <param name="make">Makes it of the position that the one before stands at.</param>
    /// <param name="say">Says so.</param>
    public void Subscribe(Func<long?, Subscription> make, Func<long, ServerMessage> say) => Add(
        () =>
        {
            Volatile.Write(ref _subscription, make(_subscription?.Position));
            return say(Position).ToJson();
        },
        0);

    /// <summary>Ends the subscription.</summary>
    public void Unsubscribe() => Add(
        () =>
        {
            var last = Position;
            Volatile.Write(ref _subscription, null);
            return new UnsubscribedMessage(last).ToJson();
        },
        0);

    /// <summary>Takes types away from the subscription.</summary>
    public void Restrict(IReadOnlyList<string> visible) => Volatile.Read(ref _subscription)?.Restrict(visible);

    /// <summary>Sends until the end, and says why it is the end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (Close is null)
            {
                if (!await SendWaitingAsync() && !await SendEventsAsync(cancellationToken))
                {
                    await _bell.Reader.ReadAsync(cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The other half has ended, and has said why.
        }

        await PartAsync();
    }

    private void Add(Func<byte[]> make, int bytes)
    {
        var cost = bytes + Overhead;
        if (Interlocked.Add(ref _waitingBytes, cost) > options.QueueBytes)
        {
            End(SocketClose.TooSlow);
            return;
        }

        _waiting.Enqueue((make, cost));
        Ring();
    }

    /// <summary>Sends the oldest that waits. False when nothing does.</summary>
    private async Task<bool> SendWaitingAsync()
    {
        if (!_waiting.TryDequeue(out var next))
        {
            return false;
        }

        await SendAsync(next.Make());
        Interlocked.Add(ref _waitingBytes, -next.Cost);
        return true;
    }

    /// <summary>Sends the events that are there. False when there are none.</summary>
    private async Task<bool> SendEventsAsync(CancellationToken cancellationToken)
    {
        if (_subscription is not { } subscription)
        {
            return false;
        }

        switch (await LookAsync(subscription, cancellationToken))
        {
            case SubscriptionReading.Messages messages:
                await SendAsync(subscription, messages);
                return messages.Items.Count > 0 || messages.HasMore;
            case SubscriptionReading.Gone gone:
                Volatile.Write(ref _subscription, null);
                Send(ErrorMessage.Gone(gone.Reason));
                return true;
            default:
                End(SocketClose.Unavailable);
                return true;
        }
    }

    /// <summary>What comes next; null when the database does not answer.</summary>
    private static async Task<SubscriptionReading?> LookAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        try
        {
            return await subscription.ReadAsync(cancellationToken);
        }
        catch (Exception exception) when (Http.ProblemExceptionHandler.IsOutage(exception))
        {
            return null;
        }
    }

    private async Task SendAsync(Subscription subscription, SubscriptionReading.Messages messages)
    {
        foreach (var (at, json) in messages.Items)
        {
            // Before it is sent: a close frame can only come behind it.
            subscription.Position = at;
            await SendAsync(json);
            if (Close is not null)
            {
                return;
            }
        }

        subscription.Position = messages.Through;
    }

    /// <summary>Sends one message. Whoever does not take it in time is too slow.</summary>
    private async Task SendAsync(byte[] json)
    {
        var sending = socket.SendAsync(json.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        if (sending.IsCompletedSuccessfully)
        {
            await sending;
            return;
        }

        try
        {
            await sending.AsTask().WaitAsync(TimeSpan.FromSeconds(options.SendSeconds), clock);
        }
        catch (TimeoutException)
        {
            End(SocketClose.TooSlow);
        }
    }

    /// <summary>Sends the close frame; where even that does not get through, the connection is cut.</summary>
    private async Task PartAsync()
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return;
        }

        try
        {
            var close = Close ?? SocketClose.Normal;
            await socket.CloseOutputAsync(close.Code(), close.Reason(Position), CancellationToken.None).WaitAsync(Parting, clock);
        }
        catch (TimeoutException)
        {
            cut();
        }
    }
}
