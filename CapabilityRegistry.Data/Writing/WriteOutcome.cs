using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Data.Writing;

/// <summary>What to do with a version that exists with other content.</summary>
public enum OnConflict
{
    /// <summary>Leave it and say so.</summary>
    Skip,

    /// <summary>Leave it and count it as a failure.</summary>
    Fail,

    /// <summary>Correct its description in place, as long as nothing that resolution reads differs: a release is immutable in what others build on.</summary>
    Update,
}

/// <summary>What is expected of the capability that a release belongs to.</summary>
public enum CapabilityExpectation
{
    /// <summary>It may exist or not.</summary>
    Any,

    /// <summary>It is new: the first release registers it.</summary>
    New,

    /// <summary>It exists: the release is published under it.</summary>
    Existing,
}

/// <summary>Who acts: what every audit entry says.</summary>
/// <param name="TenantId">The tenant in whose name.</param>
/// <param name="Name">The client id.</param>
/// <param name="Address">The address that the request came from.</param>
/// <param name="RequestId">The request's <c>X-Request-ID</c>.</param>
public sealed record Actor(string TenantId, string Name, string? Address = null, string? RequestId = null);

/// <summary>Who writes, when and how.</summary>
public sealed record WriteContext(Actor Actor, DateTimeOffset Now, OnConflict OnConflict = OnConflict.Fail, CapabilityExpectation Expectation = CapabilityExpectation.Any)
{
    public string TenantId => Actor.TenantId;
}

/// <summary>How the write of one release ended.</summary>
public enum WriteStatus
{
    /// <summary>The version is new.</summary>
    Created,

    /// <summary>The version exists and its description was corrected.</summary>
    Updated,

    /// <summary>The version exists with the same content.</summary>
    Unchanged,

    /// <summary>The version exists with other content and was left.</summary>
    Skipped,

    /// <summary>The version exists with other content.</summary>
    VersionExists,

    /// <summary>The version exists and differs in what resolution reads, so it cannot be corrected.</summary>
    VersionImmutable,

    /// <summary>The capability exists although a new one was expected.</summary>
    CapabilityExists,

    /// <summary>The capability does not exist although it was expected to.</summary>
    CapabilityMissing,

    /// <summary>The capability is deleted; it must be restored first.</summary>
    CapabilityDeleted,
}

/// <summary>How the write of one release ended, with the ids that it got or met.</summary>
public sealed record WriteOutcome(WriteStatus Status, Guid CapabilityId, Guid VersionId)
{
    /// <summary>Whether rows were written.</summary>
    public bool Wrote => Status is WriteStatus.Created or WriteStatus.Updated;
}

/// <summary>A release and what the plan of a batch says of it.</summary>
internal sealed class PlannedWrite(Release release)
{
    public Release Release { get; } = release;

    public string Precedence { get; } = Core.Versions.PrecedenceKey.Of(release.Version);

    /// <summary>Where the version stands among those that may be the latest: a release before every pre-release.</summary>
    public string Rank => (Release.Version.IsPrerelease ? "0" : "1") + Precedence;

    public Guid CapabilityId { get; set; }

    public Guid VersionId { get; set; }

    public WriteStatus Status { get; set; }

    /// <summary>The hash of the content that was there before.</summary>
    public byte[]? ContentHashBefore { get; set; }

    /// <summary>Whether this transaction made the capability, whose page then shows the newest version of the batch already.</summary>
    public bool HasNewPage { get; set; }
}
