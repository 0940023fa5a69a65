using System.Buffers;
using System.Text;
using System.Text.Json;
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

        try
        {
            using var document = JsonDocument.Parse(utf8, RegistryJson.Document);
            return Read(document.RootElement, findings);
        }
        catch (JsonException exception)
        {
            findings.Add(StrictJson.NotJson(exception));
            return null;
        }
    }

    /// <summary>Reads a parsed document.</summary>
    public static Release? Read(JsonElement element, ICollection<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        var manifest = StrictJson.Bind<Manifest>(element, findings);
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
            Compact(element),
            ManifestHash.OfContent(manifest with { CapabilityCode = code, Lifecycle = null }),
            ManifestHash.OfResolution(manifest));
    }

    /// <summary>The document without white space and without its lifecycle, which is kept beside it.</summary>
    private static string Compact(JsonElement element)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, RegistryJson.Compact))
        {
            writer.WriteStartObject();
            foreach (var member in element.EnumerateObject())
            {
                if (!member.NameEquals("lifecycle"u8))
                {
                    member.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
