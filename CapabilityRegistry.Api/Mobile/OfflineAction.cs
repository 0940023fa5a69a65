using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CapabilityRegistry.Api.Compositions;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Api.Mobile;

/// <summary>What can be done offline.</summary>
internal enum OfflineActionType
{
    UpdateCapability,
    DeprecateVersion,
    YankVersion,
    RestoreVersion,
    CreateComposition,
}

/// <summary>Something that was done offline. Which members it has follows from its type.</summary>
/// <param name="ClientActionId">The client made it up; with it the action is done once, however often it is sent.</param>
/// <param name="Type">What to do.</param>
/// <param name="Capability">The capability that is meant, by id or code.</param>
/// <param name="Version">The version that is meant.</param>
/// <param name="BaseRevision">The revision of the capability that the device had; another one is a conflict.</param>
/// <param name="IfMatch">The ETag of what the device had, page or version; another one is a conflict.</param>
/// <param name="Patch">The members of the page to change (RFC 7396).</param>
/// <param name="Message">Why the version is deprecated.</param>
/// <param name="ReplacedBy">What replaces it.</param>
/// <param name="SunsetAt">Until when it is looked after.</param>
/// <param name="Reason">Why the version is yanked.</param>
/// <param name="Composition">The composition to make.</param>
internal sealed record OfflineAction(
    [property: JsonRequired] Guid ClientActionId,
    [property: JsonRequired] OfflineActionType Type,
    string? Capability = null,
    string? Version = null,
    long? BaseRevision = null,
    string? IfMatch = null,
    JsonObject? Patch = null,
    string? Message = null,
    string? ReplacedBy = null,
    DateTimeOffset? SunsetAt = null,
    string? Reason = null,
    CompositionEdit? Composition = null)
{
    /// <summary>What it demands of the caller.</summary>
    [JsonIgnore]
    public Access Access => Type is OfflineActionType.CreateComposition ? Access.WriteCompositions : Access.WriteCapabilities;

    /// <summary>Where in the action the findings of its use case point to.</summary>
    [JsonIgnore]
    public string Body => Type switch
    {
        OfflineActionType.UpdateCapability => "/patch",
        OfflineActionType.CreateComposition => "/composition",
        _ => "",
    };

    public byte[] Hash() => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, RegistryJson.Options));

    /// <summary>Finds what is missing of its type's members, and what is of another's.</summary>
    public List<Finding> Validate()
    {
        (string Name, bool IsGiven, bool IsNeeded, bool IsKnown)[] members =
        [
            ("capability", Capability is not null, Type is not OfflineActionType.CreateComposition, Type is not OfflineActionType.CreateComposition),
            ("version", Version is not null, IsLifecycle, IsLifecycle),
            ("base_revision", BaseRevision is not null, false, Type is not OfflineActionType.CreateComposition),
            ("if_match", IfMatch is not null, false, Type is not OfflineActionType.CreateComposition),
            ("patch", Patch is not null, Type is OfflineActionType.UpdateCapability, Type is OfflineActionType.UpdateCapability),
            ("message", Message is not null, false, Type is OfflineActionType.DeprecateVersion),
            ("replaced_by", ReplacedBy is not null, false, Type is OfflineActionType.DeprecateVersion),
            ("sunset_at", SunsetAt is not null, false, Type is OfflineActionType.DeprecateVersion),
            ("reason", Reason is not null, Type is OfflineActionType.YankVersion, Type is OfflineActionType.YankVersion),
            ("composition", Composition is not null, Type is OfflineActionType.CreateComposition, Type is OfflineActionType.CreateComposition),
        ];
        return
        [
            .. members.Where(m => m.IsNeeded && !m.IsGiven).Select(m => new Finding($"/{m.Name}", "missing_member", $"{Words.Of(Type)} needs it.")),
            .. members.Where(m => m.IsGiven && !m.IsKnown).Select(m => new Finding($"/{m.Name}", "unknown_member", $"{Words.Of(Type)} does not have it.")),
        ];
    }

    private bool IsLifecycle => Type is OfflineActionType.DeprecateVersion or OfflineActionType.YankVersion or OfflineActionType.RestoreVersion;
}

/// <summary>What became of an action.</summary>
internal enum OfflineStatus
{
    /// <summary>It is done.</summary>
    Applied,

    /// <summary>What it was thought for is no longer so, or something is in its way.</summary>
    Conflict,

    /// <summary>It cannot be meant, or is not allowed.</summary>
    Rejected,

    /// <summary>It has been answered before.</summary>
    Duplicate,
}

/// <summary>The answer to an action.</summary>
/// <param name="ClientActionId">The action.</param>
/// <param name="Status">What became of it.</param>
/// <param name="FirstStatus">Of a repeat, what became of it the first time; the rest of the answer is that of then.</param>
/// <param name="ErrorCode">As problems have it.</param>
/// <param name="Detail">Why it was not done.</param>
/// <param name="Errors">What is wrong with it; pointers begin at the action.</param>
/// <param name="Current">The capability as it is afterwards.</param>
/// <param name="CompositionId">The composition that was made.</param>
internal sealed record OfflineResult(
    Guid ClientActionId,
    OfflineStatus Status,
    OfflineStatus? FirstStatus = null,
    string? ErrorCode = null,
    string? Detail = null,
    IReadOnlyList<Finding>? Errors = null,
    CompactCapability? Current = null,
    Guid? CompositionId = null);
