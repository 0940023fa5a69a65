using CapabilityRegistry.Data.Events;
using CapabilityRegistry.ServiceDefaults.Configuration;
using MimeKit;

namespace CapabilityRegistry.Worker.Notifications;

internal static class NotificationSetup
{
    /// <summary>Adds what turns events into mail.</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddRegistryOptions<SmtpOptions>(SmtpOptions.SectionName);
        services.AddRegistryOptions<NotificationOptions>(NotificationOptions.SectionName)
            .Validate<Microsoft.Extensions.Options.IOptions<SmtpOptions>>((n, smtp) => !n.Enabled || smtp.Value.Server is { Length: > 0 }, "Notifications:Enabled: needs Smtp:Server (SMTP_SERVER).")
            .Validate(n => n.From is null ? !n.Enabled : MailboxAddress.TryParse(n.From, out _), "Notifications:From: expected a mail address; needed when Notifications:Enabled is true.");
        services.AddSingleton<IEventConsumer, NotificationConsumer>();
        services.AddSingleton<MailQueue>();
        services.AddSingleton<DigestMail>();
        services.AddSingleton<SmtpSender>();
        services.AddSingleton<MailRun>();
        services.AddHostedService<MailService>();
        return services.AddHostedService<NotificationSweeper>();
    }
}
