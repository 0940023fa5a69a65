using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace CapabilityRegistry.Worker.Notifications;

/// <summary>How an attempt to send a mail ended.</summary>
internal abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>The server has taken it over.</summary>
    internal sealed record Accepted : SendOutcome;

    /// <summary>It may go another time.</summary>
    internal sealed record Failed(string Reason) : SendOutcome;

    /// <summary>The server will not have it, however often it comes.</summary>
    internal sealed record Refused(string Reason) : SendOutcome;
}

/// <summary>Hands mails to the mail server.</summary>
internal sealed partial class SmtpSender(IOptions<SmtpOptions> options, ILogger<SmtpSender> logger)
{
    private const int LongestReason = 500;

    public async Task<SendOutcome> SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await HandOverAsync(message, cancellationToken);
            return new SendOutcome.Accepted();
        }
        catch (SmtpCommandException exception) when (exception.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted && (int)exception.StatusCode >= 500)
        {
            return new SendOutcome.Refused(Said(exception));
        }
        catch (SmtpCommandException exception)
        {
            return new SendOutcome.Failed(Said(exception));
        }
        catch (Exception exception) when (IsAway(exception) && !cancellationToken.IsCancellationRequested)
        {
            // What exactly is wrong with our own mail server is for operators, not for tenants.
            Log.Away(logger, exception);
            return new SendOutcome.Failed("The mail server does not answer as it should.");
        }
    }

    private static bool IsAway(Exception exception) =>
        exception is IOException or SocketException or TimeoutException or OperationCanceledException or AuthenticationException or SslHandshakeException or ProtocolException or ServiceNotConnectedException or NotSupportedException;

    private static string Said(SmtpCommandException exception)
    {
        var said = MailTemplate.OneLine($"The mail server said {(int)exception.StatusCode}: {exception.Message}");
        return said.Length <= LongestReason ? said : said[..LongestReason];
    }

    private async Task HandOverAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        var smtp = options.Value;
        using var client = new SmtpClient { Timeout = smtp.TimeoutSeconds * 1000 };
        await client.ConnectAsync(smtp.Server!, smtp.Port, smtp.Security.AsSocketOptions(), cancellationToken);
        if (smtp.Username is { Length: > 0 } user)
        {
            await client.AuthenticateAsync(user, smtp.Password ?? "", cancellationToken);
        }

        await client.SendAsync(message, cancellationToken);
        await QuitAsync(client);
    }

    /// <summary>It is sent: whatever goes wrong with the farewell must not have it sent again.</summary>
    private static async Task QuitAsync(SmtpClient client)
    {
        try
        {
            await client.DisconnectAsync(quit: true, CancellationToken.None);
        }
        catch (Exception exception) when (IsAway(exception) || exception is CommandException)
        {
            // Nothing is left to be said.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The mail server could not be talked to.")]
        public static partial void Away(ILogger logger, Exception exception);
    }
}
