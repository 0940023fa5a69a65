using System.Linq.Expressions;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Api.Notifications;

/// <summary>A subscription.</summary>
/// <param name="SubscriptionId">Its id.</param>
/// <param name="Email">Who gets the mail.</param>
/// <param name="Kinds">What it is about.</param>
/// <param name="Digest">How often there is a mail at most.</param>
/// <param name="CreatedAt">Nobody is told of what happened before.</param>
/// <param name="CreatedBy">The client that made it.</param>
/// <param name="DueAt">When the next mail is begun or tried again; null while there is nothing to tell.</param>
/// <param name="Attempts">How often the mail under way has failed.</param>
/// <param name="LastSentAt">When the mail server last accepted a mail.</param>
/// <param name="ParkedAt">When a mail was last given up, if none was sent since.</param>
/// <param name="LastError">Why the last attempt failed, if none has succeeded since.</param>
internal sealed record SubscriptionView(
    Guid SubscriptionId,
    string Email,
    IReadOnlyList<string> Kinds,
    NotificationDigest Digest,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? DueAt,
    int Attempts,
    DateTimeOffset? LastSentAt,
    DateTimeOffset? ParkedAt,
    string? LastError)
{
    public static readonly Expression<Func<NotificationSubscription, SubscriptionView>> From = s =>
        new SubscriptionView(s.SubscriptionId, s.Email, s.Kinds, s.Digest, s.CreatedAt, s.CreatedBy, s.DueAt, s.Attempts, s.LastSentAt, s.ParkedAt, s.LastError);

    private static readonly Func<NotificationSubscription, SubscriptionView> Made = From.Compile();

    public static SubscriptionView Of(NotificationSubscription subscription) => Made(subscription);
}

/// <summary>What a subscription may say.</summary>
internal static class SubscriptionRules
{
    /// <summary>RFC 5321, section 4.5.3.1: a path of 256 with its brackets; and its local part.</summary>
    private const int LongestAddress = 254;
    private const int LongestLocalPart = 64;

    public static void CheckEmail(string email, List<Finding> findings)
    {
        if (!IsPlainAddress(email))
        {
            findings.Add(new("/email", "invalid_email", "Must be one plain mail address of printable ASCII characters, such as name@example.org, without a display name."));
        }
    }

    public static void CheckKinds(IReadOnlyList<NotificationKind> kinds, List<Finding> findings)
    {
        if (kinds.Count == 0 || kinds.Distinct().Count() != kinds.Count)
        {
            findings.Add(new("/kinds", kinds.Count == 0 ? "too_few" : "duplicate", "Must name at least one kind, and each only once."));
        }
    }

    /// <summary>Printable ASCII without a space comes first: no line can end in it, whatever a parser makes of the rest. What the parser understands must be the whole text and nothing else.</summary>
    private static bool IsPlainAddress(string email) =>
        email.Length is > 2 and <= LongestAddress
        && email.All(c => c is > ' ' and < '\x7f' and not ('<' or '>' or ',' or ';' or ':' or '"' or '(' or ')' or '[' or ']' or '\\'))
        && MimeKit.MailboxAddress.TryParse(email, out var mailbox)
        && mailbox is { Name: null or "", Route.Count: 0, Domain.Length: > 0, LocalPart.Length: > 0 and <= LongestLocalPart }
        && mailbox.Address == email
        && Uri.CheckHostName(mailbox.Domain) is UriHostNameType.Dns;
}
