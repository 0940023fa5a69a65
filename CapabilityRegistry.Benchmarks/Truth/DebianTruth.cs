using System.Text.Json;
using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Resolution;
using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Benchmarks.Truth;

/// <summary>Debian: the verdicts of dose-debcheck on every package, the sets that apt installs for 220 of them.</summary>
internal static class DebianTruth
{
    public static IEnumerable<TruthRow> Rows(string folder)
    {
        var catalogue = CatalogueFile.Load(Path.Combine(folder, "debian-bookworm.ndjson.gz"));
        yield return EveryPackage(catalogue, folder);
        yield return AptSets(catalogue, folder, recommended: false);
        yield return AptSets(catalogue, folder, recommended: true);
    }

    private static TruthRow EveryPackage(Catalogue catalogue, string folder)
    {
        var broken = File.ReadAllLines(Path.Combine(folder, "debian-broken.txt")).ToHashSet(StringComparer.Ordinal);
        var codes = catalogue.Codes().Order(StringComparer.Ordinal).ToArray();
        var before = Cpu.Now();
        var ours = codes.Where(code => Checked.Resolve(catalogue, Request(code, recommended: false)).Status is not ResolutionStatus.Resolved).ToHashSet(StringComparer.Ordinal);
        var cpu = Cpu.Now() - before;
        return new("Debian, every package", codes.Length, $"{broken.Count} impossible", $"{ours.Count} impossible", [.. ours.Except(broken).Select(c => $"only ours: {c}"), .. broken.Except(ours).Select(c => $"only dose: {c}")], cpu);
    }

    /// <summary>apt is greedy and its sets are not the smallest: sizes are compared as a sum, validity by the checker.</summary>
    private static TruthRow AptSets(Catalogue catalogue, string folder, bool recommended)
    {
        using var solutions = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "debian-apt-solutions.json")));
        var (apt, ours, cpu) = (0, 0, TimeSpan.Zero);
        var differences = new List<string>();
        var worst = (Ratio: 1.0, Code: "");
        foreach (var solution in solutions.RootElement.EnumerateObject())
        {
            var expected = solution.Value.GetProperty(recommended ? "count" : "count_no_recommends").GetInt32();
            var before = Cpu.Now();
            var outcome = Checked.Resolve(catalogue, Request(solution.Name, recommended));
            cpu += Cpu.Now() - before;
            if (outcome.Status is not ResolutionStatus.Resolved)
            {
                differences.Add($"not resolved: {solution.Name}");
            }

            (apt, ours) = (apt + expected, ours + outcome.Selected.Count);
            var ratio = (outcome.Selected.Count + 5.0) / (expected + 5.0);
            worst = Math.Abs(Math.Log(ratio)) > Math.Abs(Math.Log(worst.Ratio)) ? (ratio, solution.Name) : worst;
        }

        return new(
            $"Debian, apt's sets {(recommended ? "with" : "without")} recommended", solutions.RootElement.EnumerateObject().Count(),
            $"{apt:n0} packages", $"{ours:n0} (most unlike: {worst.Code} {worst.Ratio:f2})", differences, cpu);
    }

    private static ResolutionRequest Request(string code, bool recommended) => new() { Requirements = [new(code, VersionRange.Any)], IncludeRecommended = recommended };
}
