using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Core.Catalogues;

/// <summary>Makes the resolver's view of manifests. Keeps one copy of every range, of which a catalogue repeats few.</summary>
public sealed class CatalogueVersionReader
{
    private readonly Dictionary<string, VersionRange> _ranges = new(StringComparer.Ordinal);

    /// <summary>The range of a text that has been validated; null means <c>*</c>.</summary>
    public VersionRange Range(string? text)
    {
        if (text is null or "*")
        {
            return VersionRange.Any;
        }

        if (!_ranges.TryGetValue(text, out var range))
        {
            _ranges.Add(text, range = VersionRange.Parse(text));
        }

        return range;
    }

    /// <summary>The resolver's view of one release.</summary>
    public CatalogueVersion Read(Release release)
    {
        ArgumentNullException.ThrowIfNull(release);
        var dependencies = (release.Manifest.Dependencies ?? []).Select(d => new CatalogueDependency(
            d.DependencyType,
            [Target(d.CapabilityCode, d.VersionRange), .. (d.Alternatives ?? []).Select(a => Target(a.CapabilityCode, a.VersionRange))]));
        var services = (release.Manifest.ProvidesServices ?? []).Select(s => new CatalogueService(
            CapabilityCode.Normalise(s.Service)!, s.Version is null ? null : SemanticVersion.Parse(s.Version)));
        return new(release.Version, release.Manifest.Lifecycle?.State ?? LifecycleState.Active, [.. dependencies], [.. services]);
    }

    private CatalogueTarget Target(string code, string? range) => new(CapabilityCode.Normalise(code)!, Range(range));
}
