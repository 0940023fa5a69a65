using System.Net.WebSockets;
using System.Text.Json;
using CapabilityRegistry.Api.Collaboration;
using CapabilityRegistry.Api.Events;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Api.Sockets;

/// <summary>One socket's conversation. Messages of the client are dealt with one after the other, in the order in which they come.</summary>
internal sealed partial class SocketSession : ITenantListener, IPeer, IDisposable
{
    /// <summary>How long the other side has to close too.</summary>
    private static readonly TimeSpan Parting = TimeSpan.FromSeconds(5);

    private readonly SocketServices _services;
    private readonly Action _cut;
    private readonly SocketOutput _output;
    private readonly SocketInput _input;
    private readonly SocketAllowance _allowance;
    private readonly Collaborator? _collaborator;
    private readonly TenantStream _stream;
    private readonly SocketCaller _caller;
    private readonly CancellationTokenSource _gone = new();
    private readonly SemaphoreSlim _doubt = new(0);
    private bool _isOver;

    public SocketSession(SocketServices services, WebSocket socket, SocketCaller caller, long position, Action cut)
    {
        (_services, _cut, _caller, Caller) = (services, cut, caller, caller.Caller);
        (_output, _input) = (new(socket, services.Options, services.Clock, position, cut), new(socket, services.Options));
        _allowance = new(services.Options, services.Clock);
        _collaborator = services.Collaboration?.For(this);
        _stream = services.Streams.Join(Caller.TenantId, this);
        _output.Send(new ConnectionMessage(Caller.TenantId, ConnectionId, position));
    }

    public Caller Caller { get; private set; }

    public string ConnectionId => _caller.ConnectionId;

    public string? Address => _caller.Address;

    /// <summary>Talks until one side ends it. Never throws for what the other side or the network does.</summary>
    /// <returns>Why it ended.</returns>
    public async Task<SocketClose> RunAsync()
    {
        await using var stopping = _services.Stopping.Register(() => End(SocketClose.GoingAway));
        var (reading, watching) = (GuardAsync(ReadAsync), GuardAsync(WatchAsync));
        await GuardAsync(() => _output.RunAsync(_gone.Token));
        try
        {
            await reading.WaitAsync(Parting, _services.Clock);
        }
        catch (TimeoutException)
        {
            _cut();
        }

        await _gone.CancelAsync();
        await Task.WhenAll(reading, watching);
        return _output.Close ?? SocketClose.Normal;
    }

    public void End(SocketClose close) => _output.End(close);

    public void Send(ServerMessage message) => _output.Send(message);

    public void Send(Func<ServerMessage> make) => _output.Send(make);

    public void Send(byte[] json) => _output.Send(json);

    public void OnNews()
    {
        if (_output.IsSubscribed)
        {
            _output.Ring();
        }
    }

    public void OnDoubt()
    {
        lock (_doubt)
        {
            if (!_isOver && _doubt.CurrentCount == 0)
            {
                _doubt.Release();
            }
        }
    }

    public void Dispose()
    {
        _services.Streams.Leave(_stream, this);
        _collaborator?.Dispose();
        _gone.Dispose();
        lock (_doubt)
        {
            _isOver = true;
            _doubt.Dispose();
        }
    }

    private static bool IsLoss(Exception exception) =>
        exception is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException { InnerException: WebSocketException };

    /// <summary>A connection that is lost ends the conversation, and no less does a bug.</summary>
    private async Task GuardAsync(Func<Task> part)
    {
        try
        {
            await part();
        }
        catch (Exception exception)
        {
            if (!IsLoss(exception))
            {
                Log.Failed(_services.Logger, ConnectionId, exception);
            }

            End(IsLoss(exception) ? SocketClose.Normal : SocketClose.Bug);
            await _gone.CancelAsync();
        }
    }

    private async Task ReadAsync()
    {
        while (true)
        {
            var (message, end) = await _input.ReadAsync();
            if (end is { } close)
            {
                End(close);
            }
            else if (_output.Close is null)
            {
                await HandleAsync(message);
            }

            if (end is SocketClose.Normal)
            {
                return;
            }
        }
    }

    /// <summary>Looks whether the caller is still welcome: now and then, as soon as an event says that somebody's standing changed, and when the token expires.</summary>
    private async Task WatchAsync()
    {
        var recheck = TimeSpan.FromSeconds(_services.Options.RecheckSeconds);
        while (true)
        {
            var left = _caller.Expires - _services.Clock.GetUtcNow();
            await _doubt.WaitAsync(left < TimeSpan.Zero ? TimeSpan.Zero : left < recheck ? left : recheck, _gone.Token);
            if (_services.Clock.GetUtcNow() >= _caller.Expires || await _services.Standing.LookAsync(_caller.Authorization, Caller) is not { } caller)
            {
                End(SocketClose.NotWelcome);
                return;
            }

            Caller = caller;
            _output.Restrict(ListChanges.Visible(caller));
        }
    }

    private async Task HandleAsync(ReadOnlyMemory<byte> message)
    {
        if (!_allowance.TakeMessage())
        {
            Refuse(new("rate_limited", $"At most {_services.Options.MessagesPerMinute} messages a minute are accepted; this one was not looked at."));
            return;
        }

        var findings = new List<Finding>();
        using var document = StrictJson.Parse(message, findings);
        try
        {
            if (document is null || !await DispatchAsync(document.RootElement, findings))
            {
                Refuse(ErrorMessage.Invalid(findings));
            }
        }
        catch (Exception exception) when (ProblemExceptionHandler.IsOutage(exception))
        {
            Send(new ErrorMessage("unavailable", "The database does not answer; try again shortly."));
        }
    }

    /// <summary>Deals with a message. False when something is wrong with it, which the findings say.</summary>
    private async Task<bool> DispatchAsync(JsonElement message, List<Finding> findings)
    {
        switch (TypeOf(message, findings))
        {
            case null:
                return false;
            case "subscribe":
                return StrictJson.Bind<SubscribeMessage>(message, findings) is { } subscribe && await SubscribeAsync(subscribe, findings);
            case "unsubscribe" when StrictJson.Bind<BareMessage>(message, findings) is not null:
                _output.Unsubscribe();
                return true;
            case "ping" when StrictJson.Bind<BareMessage>(message, findings) is not null:
                _output.SendPosition(position => new PongMessage(position));
                return true;
            case { } type:
                return findings.Count == 0 && _collaborator is not null && await _collaborator.HandleAsync(type, message, findings);
        }
    }

    private string? TypeOf(JsonElement message, List<Finding> findings)
    {
        string[] known = ["subscribe", "unsubscribe", "ping", .. _collaborator is null ? [] : Collaborator.Types];
        if (message.ValueKind is not JsonValueKind.Object || !message.TryGetProperty("type", out var type) || type.ValueKind is not JsonValueKind.String)
        {
            findings.Add(new("/type", "missing_member", $"A message is an object with a type, one of {string.Join(", ", known)}."));
            return null;
        }

        var name = type.GetString()!;
        if (known.Contains(name, StringComparer.Ordinal))
        {
            return name;
        }

        findings.Add(new("/type", "unknown_type", $"There is no such type of message.{NearestName.Hint(name, known)} Known: {string.Join(", ", known)}."));
        return null;
    }

    private async Task<bool> SubscribeAsync(SubscribeMessage message, List<Finding> findings)
    {
        var types = EventTypeFilter.Read("/events", message.Events, ListChanges.Visible(Caller), findings);
        if (message.Since < 0)
        {
            findings.Add(new("/since", "number_out_of_range", "Positions begin at 0, which stands for the beginning."));
        }

        if (findings.Count > 0)
        {
            return false;
        }

        if (message.Since is { } since && await _services.Feed.ReadAsync(Caller.TenantId, since, types, 1, _gone.Token) is FeedReading.Gone gone)
        {
            Send(ErrorMessage.Gone(gone));
            return true;
        }

        var head = await _services.HeadAsync(_gone.Token);
        _output.Subscribe(last => new(_stream, _services.Feed, types, message.Since ?? last ?? head), position =>
        {
            // What the caller may see can have changed since the message was looked at.
            _output.Restrict(ListChanges.Visible(Caller));
            return new SubscribedMessage(position, types);
        });
        return true;
    }

    private void Refuse(ErrorMessage error)
    {
        Send(error);
        if (!_allowance.TakeOffence())
        {
            End(SocketClose.Abuse);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The socket {ConnectionId} failed")]
        public static partial void Failed(ILogger logger, string connectionId, Exception exception);
    }
}
