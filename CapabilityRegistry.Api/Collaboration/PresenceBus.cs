using System.Text.Json;
using CapabilityRegistry.Core.Manifests;
using StackExchange.Redis;

namespace CapabilityRegistry.Api.Collaboration;

/// <summary>Carries presence between processes. Nothing else goes this way: what is kept is learnt from the sequence.</summary>
internal interface IPresenceBus
{
    /// <summary>Begins to listen.</summary>
    void Listen(Action<PresenceNews> heard);

    /// <summary>Tells the others, or does not: presence comes again.</summary>
    void Tell(PresenceNews news);
}

/// <summary>There are no others.</summary>
internal sealed class LocalPresence : IPresenceBus
{
    public void Listen(Action<PresenceNews> heard)
    {
    }

    public void Tell(PresenceNews news)
    {
    }
}

/// <summary>By Redis' publish and subscribe. While Redis is away every process shows its own participants only, and nobody waits for it.</summary>
internal sealed partial class RedisPresence(IConnectionMultiplexer redis, ILogger<RedisPresence> logger) : IPresenceBus
{
    private static readonly RedisChannel Channel = RedisChannel.Literal("registry:presence");

    public void Listen(Action<PresenceNews> heard) => redis.GetSubscriber().Subscribe(
        Channel,
        (_, message) =>
        {
            if (StrictJson.Read<PresenceNews>((byte[])message!, []) is { } news)
            {
                heard(news);
            }
        },
        CommandFlags.FireAndForget);

    public void Tell(PresenceNews news)
    {
        try
        {
            if (redis.IsConnected)
            {
                redis.GetSubscriber().Publish(Channel, JsonSerializer.SerializeToUtf8Bytes(news, RegistryJson.Options), CommandFlags.FireAndForget);
            }
        }
        catch (Exception exception) when (exception is RedisException or ObjectDisposedException)
        {
            Log.NotTold(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Other processes were not told of somebody's presence: {Reason}")]
        public static partial void NotTold(ILogger logger, string reason);
    }
}
