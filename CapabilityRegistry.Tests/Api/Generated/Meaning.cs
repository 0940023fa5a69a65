namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>What a text in a request names.</summary>
internal enum Meaning
{
    /// <summary>Nothing: prose, a word of a fixed set, a number.</summary>
    Plain,
    Capability,
    CapabilityId,
    NewCapability,
    Version,
    NewVersion,
    Service,
    Category,
    Keyword,
    Words,
    Composition,
    NewComposition,
    CompositionType,
    Client,
    NewClient,
    Secret,
    Webhook,
    Delivery,

    /// <summary>A client's secret itself. Who has it is that client.</summary>
    Credential,
    Tenant,
    NewTenant,
    Actor,
    Resource,
    RequestId,
    Cursor,
    EntityTag,
    IdempotencyKey,
    Consumer,
    ParkedEvent,
    Subscription,
    Email,
    Anchor,
    OfflineAction,
}

/// <summary>Reads off a name what is meant. A name that is not known here fails the test: somebody has to say what it can lead to.</summary>
internal static class Meanings
{
    /// <summary>Where a name means something else than elsewhere.</summary>
    private static readonly Dictionary<string, Meaning> InPlace = new(StringComparer.Ordinal)
    {
        ["RegisterCapability /capability_code"] = Meaning.NewCapability,
        ["RegisterCapability /version"] = Meaning.NewVersion,
        ["PublishVersion /version"] = Meaning.NewVersion,
        ["ImportCatalogue /capability_code"] = Meaning.NewCapability,
        ["ImportCatalogue /version"] = Meaning.NewVersion,
        ["CreateComposition /name"] = Meaning.NewComposition,
        ["ReplaceComposition /name"] = Meaning.NewComposition,
        ["PatchComposition /name"] = Meaning.NewComposition,
        ["SyncMobile /actions/0/composition/name"] = Meaning.NewComposition,
        ["CreateClient /client_id"] = Meaning.NewClient,
        ["CreateTenant /tenant_id"] = Meaning.NewTenant,

        // The same for everybody: its tag names nothing of anybody.
        ["ListWebhookEvents If-None-Match"] = Meaning.Plain,
    };

    private static readonly Dictionary<string, Meaning> Naming = new(StringComparer.Ordinal)
    {
        ["capability"] = Meaning.Capability,
        ["capabilities"] = Meaning.Capability,
        ["capability_code"] = Meaning.Capability,
        ["replaced_by"] = Meaning.Capability,
        ["subject"] = Meaning.Capability,
        ["pivots"] = Meaning.Capability,
        ["capability_ids"] = Meaning.CapabilityId,
        ["version"] = Meaning.Version,
        ["versions"] = Meaning.Version,
        ["service"] = Meaning.Service,
        ["category"] = Meaning.Category,
        ["keyword"] = Meaning.Keyword,
        ["composition_keywords"] = Meaning.Keyword,
        ["search"] = Meaning.Words,
        ["compositionId"] = Meaning.Composition,
        ["composition_type"] = Meaning.CompositionType,
        ["clientId"] = Meaning.Client,
        ["client_id"] = Meaning.Client,
        ["administrator"] = Meaning.NewClient,
        ["secretId"] = Meaning.Secret,
        ["client_secret"] = Meaning.Credential,
        ["webhookId"] = Meaning.Webhook,
        ["deliveryId"] = Meaning.Delivery,
        ["tenantId"] = Meaning.Tenant,
        ["tenant_id"] = Meaning.Tenant,
        ["X-Tenant-ID"] = Meaning.Tenant,
        ["actor"] = Meaning.Actor,
        ["resource_id"] = Meaning.Resource,
        ["request_id"] = Meaning.RequestId,
        ["X-Request-ID"] = Meaning.RequestId,
        ["cursor"] = Meaning.Cursor,
        ["If-Match"] = Meaning.EntityTag,
        ["If-None-Match"] = Meaning.EntityTag,
        ["Idempotency-Key"] = Meaning.IdempotencyKey,
        ["consumer"] = Meaning.Consumer,
        ["parkedEventId"] = Meaning.ParkedEvent,
        ["subscriptionId"] = Meaning.Subscription,
        ["email"] = Meaning.Email,
        ["head"] = Meaning.Anchor,
        ["client_action_id"] = Meaning.OfflineAction,
        ["after"] = Meaning.Capability,
        ["if_match"] = Meaning.EntityTag,
    };

    private static readonly HashSet<string> Plain = new(StringComparer.Ordinal)
    {
        "Registry-Min-Position", "X-API-Version", "action", "api_endpoints", "breaking_changes", "business_requirements", "business_value", "capability_name",
        "compliance_requirements", "configuration", "currency", "data_models", "deployment_strategy", "deprecations", "description", "documentation_path", "events",
        "file_path", "granularity", "industry_focus", "kind", "long_description", "message", "module_path", "name", "new_features", "on_conflict", "reason", "release_notes",
        "repository_url", "resource_type", "roles", "scope", "scopes", "sort", "state", "status", "subcategory", "target_users", "text", "types", "update", "url", "use_cases",
        "version_range",
    };

    /// <summary>What a member demands of another one: its value, or to be away.</summary>
    public static IReadOnlyDictionary<string, (string Pointer, string? Value)> Along { get; } = new Dictionary<string, (string Pointer, string? Value)>(StringComparer.Ordinal)
    {
        ["/capability_ids/0"] = ("/requirements", null),
        ["/after"] = ("/actions", null),
        ["/lifecycle/replaced_by"] = ("/lifecycle/state", "deprecated"),
    };

    /// <summary>The meaning of a name in a place of an operation; null when it is not known.</summary>
    public static Meaning? Of(ApiOperation operation, string place, string name) =>
        InPlace.TryGetValue($"{operation.Id} {place}", out var here) ? here : Naming.TryGetValue(name, out var meaning) ? meaning : Plain.Contains(name) ? Meaning.Plain : null;

    /// <summary>Whether the name is taken by the request, so that it is no refusal when another tenant has it.</summary>
    public static bool IsNew(this Meaning meaning) => meaning is Meaning.NewCapability or Meaning.NewVersion or Meaning.NewComposition or Meaning.NewClient or Meaning.Email or Meaning.OfflineAction;

}
