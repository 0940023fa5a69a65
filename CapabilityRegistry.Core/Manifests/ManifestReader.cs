using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Core.Manifests;

/// <summary>Reads a manifest from bytes to a <see cref="Release"/>.</summary>
public static class ManifestReader
{
    /// <summary>Reads one document. Linear in its size.</summary>
    /// <returns>The release, or null when there are findings.</returns>
    public static Release? Read(ReadOnlyMemory<byte> utf8, ICollection<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        if (utf8.Length > ManifestLimits.Bytes)
        {
            findings.Add(new("", "too_long", $"A manifest has at most {ManifestLimits.Bytes} bytes; this one has {utf8.Length}."));
            return null;
        }

        var manifest = StrictJson.ReadPlain<Manifest>(utf8) ?? StrictJson.Read<Manifest>(utf8, findings);
        if (manifest is null)
        {
            return null;
        }

        ManifestValidator.Validate(manifest, findings);
        if (findings.Count > 0)
        {
            return null;
        }

        var code = CapabilityCode.Normalise(manifest.CapabilityCode)!;
        return new(
            code,
            SemanticVersion.Parse(manifest.Version),
            manifest,
            ManifestText.WithoutLifecycle(utf8.Span),
            ManifestHash.OfContent(manifest with { CapabilityCode = code, Lifecycle = null }),
            ManifestHash.OfResolution(manifest));
    }
}
