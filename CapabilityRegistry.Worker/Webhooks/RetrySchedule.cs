namespace CapabilityRegistry.Worker.Webhooks;

/// <summary>When attempts are made: the schedule that Standard Webhooks recommends, over a little more than three days.</summary>
/// <param name="random">Numbers from 0 to 1, for the jitter that keeps receivers that come back from being met by everything at once.</param>
internal sealed class RetrySchedule(Func<double> random)
{
    /// <summary>The pause before each attempt.</summary>
    public static readonly IReadOnlyList<TimeSpan> Pauses =
    [
        TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14),
        TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>How much longer a pause gets at most, as a part of it.</summary>
    public const double Jitter = 0.1;

    /// <summary>The longest wish of a receiver that is heeded.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(24);

    /// <summary>How long to wait after a number of failed tries; null when that was the last one.</summary>
    /// <param name="tries">How many tries of the schedule have been made, at least one.</param>
    /// <param name="retryAfter">What the receiver asked for: it is not called earlier than that.</param>
    public TimeSpan? After(int tries, TimeSpan? retryAfter)
    {
        if (tries >= Pauses.Count)
        {
            return null;
        }

        var pause = Pauses[tries] * (1 + (Jitter * random()));
        var wish = retryAfter > LongestRetryAfter ? LongestRetryAfter : retryAfter ?? TimeSpan.Zero;
        return wish > pause ? wish : pause;
    }
}
