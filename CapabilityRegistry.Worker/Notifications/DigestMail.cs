using Microsoft.Extensions.Options;
using MimeKit;

namespace CapabilityRegistry.Worker.Notifications;

/// <summary>Writes a mail: text and HTML that say the same.</summary>
internal sealed class DigestMail(IOptions<NotificationOptions> options, TimeProvider clock)
{
    private const int LongestSubject = 150;

    public MimeMessage Write(Mail mail)
    {
        var sender = MailboxAddress.Parse(options.Value.From!);
        var heading = MailTemplate.OneLine(mail.Count == 1 ? NewsText.What(mail.Notifications[0]) : $"{mail.Count} notifications of {mail.TenantId}");
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["heading"] = heading,
            ["rest"] = mail.Count > mail.Notifications.Count ? $"And {mail.Count - mail.Notifications.Count} more." : "",
            ["tenant"] = mail.TenantId,
            ["subscription"] = $"{mail.SubscriptionId}",
        };
        Dictionary<string, string>[] notifications = [.. mail.Notifications.Select(n => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["what"] = NewsText.What(n),
            ["more"] = NewsText.More(n),
            ["at"] = NewsText.At(n),
        })];
        var message = new MimeMessage
        {
            MessageId = $"{mail.MailId:N}@{sender.Domain}",
            Date = clock.GetUtcNow(),
            Subject = $"[Capability Registry] {(heading.Length <= LongestSubject ? heading : heading[..LongestSubject])}",
            Body = new BodyBuilder { TextBody = MailTemplate.PlainText.Fill(values, notifications), HtmlBody = MailTemplate.Html.Fill(values, notifications) }.ToMessageBody(),
        };
        message.From.Add(sender);
        message.To.Add(new MailboxAddress("", mail.Email));

        // RFC 3834: nobody's absence note is an answer to a machine.
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }
}
