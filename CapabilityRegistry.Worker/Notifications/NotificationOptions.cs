using System.ComponentModel.DataAnnotations;
using MailKit.Security;

namespace CapabilityRegistry.Worker.Notifications;

/// <summary>The section <c>Notifications</c>: what is told by mail, and from whom. Off unless it is switched on.</summary>
internal sealed class NotificationOptions
{
    public const string SectionName = "Notifications";

    /// <summary>While it is off nothing is sent, and nothing collected to be sent later.</summary>
    public bool Enabled { get; set; }

    /// <summary>The sender's address, and perhaps name: <c>Registry &lt;registry@example.org&gt;</c>.</summary>
    public string? From { get; set; }

    /// <summary>How often a mail is tried before it is given up.</summary>
    [Range(1, 100)]
    public int Attempts { get; set; } = 16;

    /// <summary>The pause before the first retry; every further one is twice as long, with jitter.</summary>
    [Range(1, 3600)]
    public int FirstPauseSeconds { get; set; } = 60;

    [Range(1, 1440)]
    public int LongestPauseMinutes { get; set; } = 240;

    /// <summary>How long notifications are kept after they were sent or given up.</summary>
    [Range(1, 3650)]
    public int RetentionDays { get; set; } = 30;
}

/// <summary>The section <c>Smtp</c>: the mail server. The guide's <c>SMTP_</c> variables set the first four.</summary>
internal sealed class SmtpOptions : IValidatableObject
{
    public const string SectionName = "Smtp";

    public string? Server { get; set; }

    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>Without one nobody logs in.</summary>
    public string? Username { get; set; }

    public string? Password { get; set; }

    /// <summary>How the connection is protected. <see cref="SmtpSecurity.StartTls"/> and <see cref="SmtpSecurity.Tls"/> send nothing when it cannot be.</summary>
    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>How long any step of the conversation may take.</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>A password never crosses the wire in the clear.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Username is { Length: > 0 } && Security is SmtpSecurity.None ? [new ValidationResult("Smtp:Username needs an encrypted connection: set Smtp:Security to StartTls or Tls.", [nameof(Security)])] : [];
}

/// <summary>How a connection to a mail server is protected.</summary>
internal enum SmtpSecurity
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By STARTTLS, which the server must offer (port 587).</summary>
    StartTls,

    /// <summary>From the first byte (port 465).</summary>
    Tls,
}

internal static class SmtpSecurities
{
    public static SecureSocketOptions AsSocketOptions(this SmtpSecurity security) => security switch
    {
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.None,
    };
}
