using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Data.Webhooks;

/// <summary>The event types that webhooks can be subscribed to, and how subscriptions name them. Events about clients and tenants are for the audit alone.</summary>
public static class WebhookEvents
{
    /// <summary>Everything.</summary>
    public const string All = "*";

    /// <summary>The type of a delivery that was asked for to try a webhook out.</summary>
    public const string Test = "webhook.test";

    /// <summary>Every type with what it says.</summary>
    public static IReadOnlyList<(string Type, string Description)> Types { get; } =
    [
        (EventTypes.CapabilityUpdated, "A capability's fields were changed."),
        (EventTypes.CapabilityDeleted, "A capability was deleted; it can be restored."),
        (EventTypes.CapabilityRestored, "A deleted capability is back."),
        (EventTypes.VersionPublished, "A version was published; with the first one its capability was registered."),
        (EventTypes.VersionCorrected, "An import corrected the manifest of a version."),
        (EventTypes.VersionLifecycleChanged, "A version was deprecated, yanked, retired or made active again."),
        (EventTypes.CompositionCreated, "A composition was created."),
        (EventTypes.CompositionUpdated, "A composition was changed."),
        (EventTypes.CompositionDeleted, "A composition was deleted."),
        (EventTypes.CompositionLocked, "A composition has a new lock."),
        (EventTypes.WebhookCreated, "A webhook was created."),
        (EventTypes.WebhookUpdated, "A webhook's address, events or description were changed."),
        (EventTypes.WebhookDeleted, "A webhook was deleted."),
        (EventTypes.WebhookSecretRotated, "A webhook has a new secret."),
        (EventTypes.WebhookEnabled, "A webhook was switched on."),
        (EventTypes.WebhookDisabled, "A webhook was switched off: on request, because its receiver answered 410, or after days of failure."),
    ];

    private static readonly HashSet<string> Known = [.. Types.Select(t => t.Type)];

    private static readonly string[] Names = [All, .. Types.Select(t => t.Type), .. Types.Select(t => PrefixOf(t.Type)).Distinct(StringComparer.Ordinal)];

    /// <summary>What is wrong with a name in a subscription; null when nothing is.</summary>
    public static string? Check(string name) =>
        Names.Contains(name, StringComparer.Ordinal) ? null : $"There is no event type of that name; GET /api/webhooks/events has them all.{NearestName.Hint(name, Names)}";

    /// <summary>Whether an event is one that webhooks get.</summary>
    public static bool CanBeSubscribed(string type) => Known.Contains(type);

    /// <summary>Whether a subscription wants an event that <see cref="CanBeSubscribed"/>.</summary>
    public static bool Matches(IEnumerable<string> subscription, string type) => subscription.Any(name => name == All || name == type || name == PrefixOf(type));

    private static string PrefixOf(string type) => $"{type[..type.IndexOf('.', StringComparison.Ordinal)]}.{All}";
}
