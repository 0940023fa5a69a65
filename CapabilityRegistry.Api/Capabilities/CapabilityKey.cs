using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>The id or the code by which a route names a capability.</summary>
internal readonly record struct CapabilityKey(Guid? Id, string? Code)
{
    public static CapabilityKey Of(string text) => Guid.TryParse(text, out var id) ? new(id, null) : new(null, CapabilityCode.Normalise(text));

    /// <summary>The capability that is meant, deleted or not. A text that can be no code finds nothing.</summary>
    public IQueryable<Capability> In(IQueryable<Capability> capabilities)
    {
        var (id, code) = (Id, Code);
        return id is not null ? capabilities.Where(c => c.CapabilityId == id) : capabilities.Where(c => c.CapabilityCode == code);
    }

    /// <summary>The capability that is meant, unless it is deleted.</summary>
    public IQueryable<Capability> LivingIn(IQueryable<Capability> capabilities) => In(capabilities).Where(c => c.DeletedAt == null);
}
