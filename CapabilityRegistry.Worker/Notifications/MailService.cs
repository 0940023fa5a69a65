using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Worker.Relay;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Worker.Notifications;

/// <summary>Sends the mails that are due. Any number of workers may run it: each mail is with one of them at a time.</summary>
internal sealed partial class MailRun(MailQueue queue, DigestMail digest, SmtpSender sender, IOptions<NotificationOptions> options, ILogger<MailRun> logger)
{
    /// <summary>Goes on until nothing is due.</summary>
    /// <returns>How many were accepted by the mail server.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var accepted = 0;
        while (options.Value.Enabled && await queue.ClaimAsync(cancellationToken) is { } mail)
        {
            accepted += await SendAsync(mail, cancellationToken) ? 1 : 0;
        }

        return accepted;
    }

    private async Task<bool> SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        switch (await sender.SendAsync(digest.Write(mail), cancellationToken))
        {
            case SendOutcome.Accepted:
                // It is sent: to stop now would only have it sent again.
                await queue.SentAsync(mail, CancellationToken.None);
                Log.Sent(logger, mail.MailId, mail.SubscriptionId, mail.Count);
                return true;
            case SendOutcome.Failed failed when mail.Attempts + 1 < options.Value.Attempts:
                var pause = BackOff.After(mail.Attempts + 1, TimeSpan.FromSeconds(options.Value.FirstPauseSeconds), TimeSpan.FromMinutes(options.Value.LongestPauseMinutes), Random.Shared.NextDouble());
                await queue.RetryAsync(mail, pause, failed.Reason, cancellationToken);
                Log.Failed(logger, mail.MailId, mail.SubscriptionId, mail.Attempts + 1, pause.TotalSeconds, failed.Reason);
                return false;
            case SendOutcome.Failed { Reason: var reason }:
                await ParkAsync(mail, reason, cancellationToken);
                return false;
            case SendOutcome.Refused { Reason: var reason }:
                await ParkAsync(mail, reason, cancellationToken);
                return false;
            default:
                throw new InvalidOperationException("There is no other outcome.");
        }
    }

    private Task ParkAsync(Mail mail, string reason, CancellationToken cancellationToken)
    {
        Log.Parked(logger, mail.MailId, mail.SubscriptionId, mail.Attempts + 1, reason);
        return queue.ParkAsync(mail, reason, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Mail {MailId} of subscription {SubscriptionId} with {Notifications} notifications is sent.")]
        public static partial void Sent(ILogger logger, Guid mailId, Guid subscriptionId, int notifications);

        [LoggerMessage(LogLevel.Warning, "Mail {MailId} of subscription {SubscriptionId} could not be sent, attempt {Attempts}; trying again in {PauseSeconds} s: {Reason}")]
        public static partial void Failed(ILogger logger, Guid mailId, Guid subscriptionId, int attempts, double pauseSeconds, string reason);

        [LoggerMessage(LogLevel.Error, "Mail {MailId} of subscription {SubscriptionId} is given up after {Attempts} attempts: {Reason}")]
        public static partial void Parked(ILogger logger, Guid mailId, Guid subscriptionId, int attempts, string reason);
    }
}

/// <summary>Looks every few seconds for mails that are due, when notifications are on.</summary>
internal sealed class MailService(PositionListener listener, MailRun run, IOptions<NotificationOptions> options) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        options.Value.Enabled ? listener.RepeatAsync(Interval, run.RunAsync, stoppingToken) : Task.CompletedTask;
}
