// Stands in for the package OpenTelemetry.Instrumentation.StackExchangeRedis on feeds that lack it (docs/adr/0003): the same source, kind and tags, made of the client's own measurements.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using StackExchange.Redis.Profiling;

namespace CapabilityRegistry.ServiceDefaults.Fallback;

/// <summary>Makes a span of every command to Redis that belongs to a trace.</summary>
/// <remarks>The client tells of a command when it is over, to a session that was chosen when it began: there is one for each span that sends commands, looked through once a second.</remarks>
internal sealed class RedisSpans : IDisposable
{
    public const string SourceName = "OpenTelemetry.Instrumentation.StackExchangeRedis";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ActivitySource _source = new(SourceName);
    private readonly ConcurrentDictionary<Activity, ProfilingSession> _sessions = [];
    private readonly ITimer _timer;

    public RedisSpans(TimeProvider clock) => _timer = clock.CreateTimer(_ => Look(), null, Interval, Interval);

    /// <summary>Where the client tells of a command that begins now; null when it belongs to no trace.</summary>
    public ProfilingSession? SessionOfCaller() => Activity.Current is { IsAllDataRequested: true } caller ? _sessions.GetOrAdd(caller, _ => new()) : null;

    public void Dispose()
    {
        _timer.Dispose();
        Look();
        _source.Dispose();
    }

    private void Look()
    {
        foreach (var (caller, session) in _sessions)
        {
            // Before the commands are taken out, so that none comes in between.
            if (caller.IsStopped)
            {
                _sessions.TryRemove(caller, out _);
            }

            foreach (var command in session.FinishProfiling())
            {
                Tell(caller, command);
            }
        }
    }

    private void Tell(Activity caller, IProfiledCommand command)
    {
        using var span = _source.StartActivity(command.Command, ActivityKind.Client, caller.Context, startTime: new DateTimeOffset(command.CommandCreated));
        if (span is null)
        {
            return;
        }

        span.SetTag("db.system.name", "redis").SetTag("db.operation.name", command.Command).SetTag("db.namespace", command.Db.ToString(CultureInfo.InvariantCulture));
        if (command.EndPoint is IPEndPoint address)
        {
            span.SetTag("server.address", address.Address.ToString()).SetTag("server.port", address.Port);
        }

        span.SetEndTime(command.CommandCreated + command.ElapsedTime);
    }
}
