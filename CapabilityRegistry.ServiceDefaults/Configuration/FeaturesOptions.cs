namespace CapabilityRegistry.ServiceDefaults.Configuration;

/// <summary>A part of the system that a deployment can switch off.</summary>
public enum Feature
{
    /// <summary>Submitting, reviewing, publishing and installing across tenants.</summary>
    Marketplace,

    /// <summary>Presence, locks and edits of a composition as they happen, over the WebSocket. The socket itself is there in any case.</summary>
    RealTimeCollaboration,

    /// <summary>Usage, performance and the dashboard.</summary>
    AnalyticsDashboard,

    /// <summary>The compact list and the offline queue.</summary>
    MobileApi,

    /// <summary>Subscriptions, deliveries and their replay.</summary>
    Webhooks,
}

/// <summary>The section <c>Features</c>. Everything is on, as in the guide's example: what nobody calls costs nothing, and what is missing without a word costs a search.</summary>
public sealed class FeaturesOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Features";

    public bool Marketplace { get; set; } = true;

    public bool RealTimeCollaboration { get; set; } = true;

    public bool AnalyticsDashboard { get; set; } = true;

    public bool MobileApi { get; set; } = true;

    public bool Webhooks { get; set; } = true;

    /// <summary>Whether a feature is switched on.</summary>
    public bool IsOn(Feature feature) => feature switch
    {
        Feature.Marketplace => Marketplace,
        Feature.RealTimeCollaboration => RealTimeCollaboration,
        Feature.AnalyticsDashboard => AnalyticsDashboard,
        Feature.MobileApi => MobileApi,
        Feature.Webhooks => Webhooks,
        _ => throw new ArgumentOutOfRangeException(nameof(feature)),
    };
}
