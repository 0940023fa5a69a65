using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Worker.Notifications;

/// <summary>When a subscription gets its next mail.</summary>
internal static class DigestTimes
{
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Morning = TimeSpan.FromHours(6);

    /// <summary>The time of the mail that tells of what happens now.</summary>
    public static DateTimeOffset Next(NotificationDigest digest, DateTimeOffset now, DateTimeOffset? lastSent)
    {
        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        return digest switch
        {
            NotificationDigest.Hourly => day.AddHours(now.UtcDateTime.Hour + 1),
            NotificationDigest.Daily => now < day + Morning ? day + Morning : day.AddDays(1) + Morning,
            _ => lastSent + AtMostEvery is { } earliest && earliest > now ? earliest : now,
        };
    }
}
