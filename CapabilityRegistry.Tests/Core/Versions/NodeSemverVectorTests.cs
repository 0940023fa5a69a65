using System.Text.RegularExpressions;
using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Tests.Core.Versions;

/// <summary>Compares with node-semver itself. The vectors are made by node-semver-vectors.mjs; a row on which we differ on purpose stands in node-semver-deviations.tsv under
/// the name that docs/version-ranges.md gives the reason under.</summary>
public sealed class NodeSemverVectorTests
{
    private static readonly Vector[] Vectors = [.. Rows("node-semver-vectors.tsv").Select(row => new Vector(row[0], row[1], row[2], row[3]))];

    private static readonly Dictionary<Vector, string> Deviations =
        Rows("node-semver-deviations.tsv").ToDictionary(row => new Vector(row[1], row[2], row[3], row[4]), row => row[0]);

    [Fact]
    public void Ranges_mean_what_node_semver_says_but_for_the_documented_deviations()
    {
        var mismatches = Vectors.Select(vector => (Node: vector, Ours: vector with { Answer = OurAnswer(vector) }))
            .Where(pair => pair.Ours != pair.Node && !Deviations.ContainsKey(pair.Ours))
            .Select(pair => $"{pair.Node.Range}\t{pair.Node.Version}\t{pair.Node.IncludePrerelease}\t{pair.Ours.Answer}, but node-semver says {pair.Node.Answer}")
            .ToArray();

        Assert.True(Vectors.Length > 5_000);
        Assert.True(mismatches.Length == 0, string.Join('\n', mismatches));
    }

    [Fact]
    public void Every_row_that_is_listed_as_a_deviation_is_one()
    {
        var answers = Vectors.ToHashSet();
        var questions = Vectors.Select(vector => vector with { Answer = "" }).ToHashSet();
        Assert.All(Deviations.Keys, ours =>
        {
            Assert.Equal(ours.Answer, OurAnswer(ours));
            Assert.DoesNotContain(ours, answers);
            Assert.Contains(ours with { Answer = "" }, questions);
        });
    }

    [Fact]
    public void Every_deviation_has_its_reason_in_the_documentation()
    {
        var documentation = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Core", "Versions", "version-ranges.md"));
        Assert.All(Deviations.Values.Distinct().Where(id => id != "defect"), id => Assert.Contains($"**{id}**", documentation, StringComparison.Ordinal));
    }

    private static string OurAnswer(Vector vector)
    {
        if (!VersionRange.TryParse(Regex.Unescape(vector.Range), out var range, out _))
        {
            return "invalid";
        }

        return vector.Version == "-" ? "valid" : range.Contains(SemanticVersion.Parse(vector.Version), vector.IncludePrerelease == "true") ? "true" : "false";
    }

    private static IEnumerable<string[]> Rows(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Core", "Versions", file)).Skip(1).Select(line => line.Split('\t'));

    /// <summary>A range (white space and what is not ASCII as escapes), a version, whether pre-releases are included, and the answer: true, false, invalid or valid.</summary>
    private sealed record Vector(string Range, string Version, string IncludePrerelease, string Answer);
}
