using System.Linq.Expressions;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Api.Mobile;

/// <summary>A capability as devices keep it.</summary>
/// <param name="CapabilityId">Its id, for ever.</param>
/// <param name="CapabilityCode">Its code.</param>
/// <param name="CapabilityName">Its name.</param>
/// <param name="ShortDescription">The beginning of its description, up to 160 characters.</param>
/// <param name="Category">Its category.</param>
/// <param name="Status">Its status.</param>
/// <param name="Version">Its newest version.</param>
/// <param name="Revision">Counts its changes: what an offline action gives as <c>base_revision</c>.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
internal sealed record CompactCapability(
    Guid CapabilityId, string CapabilityCode, string CapabilityName, string ShortDescription, string Category, string Status, string Version, long Revision, DateTimeOffset UpdatedAt)
{
    private const int DescriptionLength = 160;

    public static readonly Expression<Func<Capability, CompactCapability>> From = c => new CompactCapability(
        c.CapabilityId, c.CapabilityCode, c.CapabilityName, c.Description.Substring(0, DescriptionLength), c.Category, c.Status, c.LatestVersion, c.Revision, c.UpdatedAt);
}
