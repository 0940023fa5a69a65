using System.Globalization;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Worker.Notifications;

/// <summary>What a mail says of a notification. Plain text: the templates encode it.</summary>
internal static class NewsText
{
    /// <summary>The sentence that comes first.</summary>
    public static string What(ToldNews news) => (news.Kind, news.Details) switch
    {
        (NotificationKind.VersionInUse, var d) => $"{d.CapabilityCode} {d.Version} is {Words.Of(d.State!.Value)}, and {Compositions(d.CompositionCount)} it",
        (NotificationKind.CompositionBroken, { State: null } d) => $"The composition \"{d.Compositions[0]}\" is broken: {d.CapabilityCode} was deleted",
        (NotificationKind.CompositionBroken, var d) => $"The composition \"{d.Compositions[0]}\" is broken: {d.CapabilityCode} {d.Version} is retired",
        (_, var d) => $"The webhook {d.WebhookId} was switched off, because its deliveries failed",
    };

    /// <summary>What helps to deal with it.</summary>
    public static string More(ToldNews news) => (news.Kind, news.Details) switch
    {
        (NotificationKind.VersionInUse, var d) => $"{Reason(d)}Used by: {Names(d)}.",
        (NotificationKind.CompositionBroken, var d) => $"{Reason(d)}Lock it anew, or change what it requires: POST /api/compositions/{d.CompositionId}/lock",
        _ => "Mend the receiver, and switch the webhook on again.",
    };

    public static string At(ToldNews news) => news.OccurredAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Compositions(int count) => count == 1 ? "one composition uses" : $"{count} compositions use";

    private static string Reason(NewsDetails d) =>
        (d.Message is { Length: > 0 } message ? $"\"{message}\" " : "") + (d.ReplacedBy is { } successor ? $"It is replaced by {successor}. " : "");

    private static string Names(NewsDetails d) =>
        string.Join(", ", d.Compositions) + (d.CompositionCount > d.Compositions.Count ? $" and {d.CompositionCount - d.Compositions.Count} more" : "");
}
