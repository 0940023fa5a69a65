using System.IO.Compression;
using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Benchmarks;

/// <summary>Reads a catalogue in the import format straight into a snapshot.</summary>
internal static class CatalogueFile
{
    public static Catalogue Load(string path)
    {
        var reader = new CatalogueVersionReader();
        var releases = Releases(path)
            .GroupBy(r => r.Code, StringComparer.Ordinal)
            .Select(g => new CatalogueCapability(g.Key, [.. g.Select(reader.Read)]));
        var builder = new CatalogueBuilder(Catalogue.Empty);
        foreach (var capability in releases)
        {
            builder.Put(capability);
        }

        return builder.Build(position: 1);
    }

    public static IEnumerable<Release> Releases(string path)
    {
        using var file = File.OpenRead(path);
        using var plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        using var lines = new StreamReader(plain);
        var number = 0;
        while (lines.ReadLine() is { } line)
        {
            number++;
            var findings = new List<Finding>();
            yield return ManifestReader.Read(System.Text.Encoding.UTF8.GetBytes(line), findings)
                ?? throw new InvalidDataException($"{path}:{number}: {findings[0].Pointer} {findings[0].Message}");
        }
    }
}
