using System.Text;
using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Tests.Core.Manifests;

/// <summary>Reads manifests given as text; says what was found as "pointer code".</summary>
internal static class Reading
{
    /// <summary>The smallest manifest, with further members.</summary>
    public static string Manifest(string members = "") => $$"""{"capability_code":"payments","version":"1.0.0"{{(members.Length == 0 ? "" : ",")}}{{members}}}""";

    public static Release Accepted(string json)
    {
        var findings = new List<Finding>();
        var release = ManifestReader.Read(Encoding.UTF8.GetBytes(json), findings);
        Assert.Empty(findings);
        Assert.NotNull(release);
        return release;
    }

    public static IReadOnlyList<Finding> Refused(string json) => Refused(Encoding.UTF8.GetBytes(json));

    public static IReadOnlyList<Finding> Refused(byte[] utf8)
    {
        var findings = new List<Finding>();
        Assert.Null(ManifestReader.Read(utf8, findings));
        Assert.NotEmpty(findings);
        Assert.All(findings, finding => Assert.EndsWith(finding.Message[^1] is '?' ? "?" : ".", finding.Message, StringComparison.Ordinal));
        return findings;
    }

    public static IEnumerable<string> Brief(this IEnumerable<Finding> findings) => findings.Select(finding => $"{finding.Pointer} {finding.Code}");
}
