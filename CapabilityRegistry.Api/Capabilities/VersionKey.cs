using CapabilityRegistry.Core.Versions;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>The version or channel that a route names. <c>latest</c> is the highest release, or the highest pre-release while there is no release.</summary>
internal static class VersionKey
{
    public const string Latest = "latest";

    public static IQueryable<CapabilityVersion> Named(this IQueryable<CapabilityVersion> versions, Capability capability, string text)
    {
        var (id, latest) = (capability.CapabilityId, capability.LatestVersionId);
        if (text == Latest)
        {
            return versions.Where(v => v.VersionId == latest);
        }

        var precedence = SemanticVersion.TryParse(text, out var version) ? PrecedenceKey.Of(version) : null;
        return versions.Where(v => v.CapabilityId == id && v.Precedence == precedence);
    }
}
