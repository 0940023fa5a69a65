using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Writing;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>Why a release was not written, in words. One place for publish and import.</summary>
internal static class WriteProblems
{
    public static Problem Of(WriteOutcome outcome, Release release) => outcome.Status switch
    {
        WriteStatus.CapabilityMissing => Problems.NotFound("capability"),
        WriteStatus.CapabilityDeleted => Problems.Duplicate($"'{release.Code}' is deleted; restore it first: POST /api/capabilities/{release.Code}/restore."),
        WriteStatus.CapabilityExists => Problems.Duplicate($"A capability with the code '{release.Code}' exists; publish under it: POST /api/capabilities/{release.Code}/versions."),
        WriteStatus.VersionImmutable => Problems.Immutable($"{release.Code} {release.Version} exists and differs in what others build on (dependencies, services, endpoints or data models)."),
        _ => Problems.Duplicate($"{release.Code} {release.Version} exists with {(outcome.Status is WriteStatus.Unchanged ? "the same" : "other")} content."),
    };
}
