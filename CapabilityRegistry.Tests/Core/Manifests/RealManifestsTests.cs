using System.IO.Compression;
using System.Text;
using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Tests.Core.Manifests;

public sealed class RealManifestsTests
{
    [Theory]
    [InlineData("apg.ndjson.gz", 92)]
    [InlineData("opam.ndjson.gz", 18_487)]
    [InlineData("debian-bookworm.ndjson.gz", 63_436)]
    public void Every_real_line_reads_without_findings(string file, int expected)
    {
        using var stream = new GZipStream(File.OpenRead(Catalogue(file)), CompressionMode.Decompress);
        using var lines = new StreamReader(stream);
        var count = 0;
        var findings = new List<Finding>();
        while (lines.ReadLine() is { } line)
        {
            count++;
            var release = ManifestReader.Read(Encoding.UTF8.GetBytes(line), findings);
            Assert.True(findings.Count == 0, $"{file}:{count}: {findings.FirstOrDefault()}");
            Assert.Equal(release!.Code, CapabilityCode.Normalise(release.Code));
        }

        Assert.Equal(expected, count);
    }

    /// <summary>The folder of catalogues: what REGISTRY_CATALOGUES names, or shared/data beside a folder above this one. The test is skipped where there is none.</summary>
    private static string Catalogue(string file)
    {
        var folder = Environment.GetEnvironmentVariable("REGISTRY_CATALOGUES");
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); folder is null && above is not null; above = above.Parent)
        {
            var beside = Path.Combine(above.FullName, "shared", "data");
            folder = Directory.Exists(beside) ? beside : null;
        }

        var path = Path.Combine(folder ?? "", file);
        Assert.SkipUnless(File.Exists(path), $"{file} is neither in the folder that REGISTRY_CATALOGUES names nor in a folder shared/data beside the repository.");
        return path;
    }
}
