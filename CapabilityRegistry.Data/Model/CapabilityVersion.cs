using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Data.Model;

/// <summary>An immutable release of a capability. Only the lifecycle columns change after it is written.</summary>
public sealed class CapabilityVersion : ITenantOwned
{
    public required string TenantId { get; init; }

    public required Guid VersionId { get; init; }

    public required Guid CapabilityId { get; init; }

    public required string Version { get; init; }

    /// <summary>See <see cref="Core.Versions.PrecedenceKey"/>; unique within the capability.</summary>
    public required string Precedence { get; init; }

    /// <summary>The manifest, member for member as it came.</summary>
    public required string Manifest { get; set; }

    public required byte[] ContentHash { get; set; }

    public required byte[] ResolutionHash { get; init; }

    public double QualityScore { get; set; }

    public LifecycleState Lifecycle { get; set; }

    public string? LifecycleMessage { get; set; }

    public string? ReplacedBy { get; set; }

    public DateTimeOffset? SunsetAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }
}

/// <summary>A name in the one name space of capability codes and services. Its id is for ever, and is the capability's when one of that code is registered.</summary>
public sealed class NameRow : ITenantOwned
{
    public required string TenantId { get; init; }

    public required Guid NameId { get; init; }

    public required string Text { get; init; }
}

/// <summary>One target of one dependency of one version, written with the version and never changed.</summary>
public sealed class DependencyRow : ITenantOwned
{
    public required string TenantId { get; init; }

    public required Guid VersionId { get; init; }

    /// <summary>The place of the dependency in the manifest.</summary>
    public required short Position { get; init; }

    /// <summary>0 for the declared target, 1 and up for its alternatives.</summary>
    public required short Alternative { get; init; }

    /// <summary>The capability whose version declares the dependency.</summary>
    public required Guid DependentId { get; init; }

    /// <summary>The name depended on: equal to the capability's id when there is one of that code.</summary>
    public required Guid DependencyId { get; init; }

    public required string VersionRange { get; init; }

    public required DependencyType DependencyType { get; init; }
}

/// <summary>A service that a version provides, written with the version and never changed.</summary>
public sealed class ProvidedServiceRow : ITenantOwned
{
    public required string TenantId { get; init; }

    public required Guid VersionId { get; init; }

    public required short Position { get; init; }

    public required Guid CapabilityId { get; init; }

    /// <summary>The id of the service's name.</summary>
    public required Guid ServiceId { get; init; }

    public string? ServiceVersion { get; init; }
}
