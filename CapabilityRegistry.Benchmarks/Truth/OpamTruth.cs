using CapabilityRegistry.Core.Resolution;
using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Benchmarks.Truth;

/// <summary>opam: the verdicts of dose on every version.</summary>
internal static class OpamTruth
{
    /// <summary>How a difference ends that the catalogue's README explains: dose's list is from before a duplicate of ocaml-variants was dropped, on which this version alone rests.</summary>
    public const string Explained = "(explained: its only ocaml-variants was dropped as a duplicate after dose's list was made)";

    public static IEnumerable<TruthRow> Rows(string folder)
    {
        var catalogue = CatalogueFile.Load(Path.Combine(folder, "opam.ndjson.gz"));
        var broken = File.ReadAllLines(Path.Combine(folder, "opam-broken-dose.txt")).Select(l => l.Split(' ')).Select(p => $"{p[0]} {p[1]}").ToHashSet(StringComparer.Ordinal);
        var versions = catalogue.Codes().Order(StringComparer.Ordinal).SelectMany(code => catalogue.VersionsOf(code).Select(v => (Code: code, Version: v))).ToArray();
        var before = Cpu.Now();
        var ours = versions
            .Where(v => Checked.Resolve(catalogue, new() { Requirements = [new(v.Code, VersionRange.Exactly(v.Version))] }).Status is not ResolutionStatus.Resolved)
            .Select(v => $"{v.Code} {v.Version}")
            .ToHashSet(StringComparer.Ordinal);
        var cpu = Cpu.Now() - before;
        var differences = ours.Except(broken).Select(v => $"only ours: {v}{(v == "ocaml-compiler 0.0.17" ? $" {Explained}" : "")}").Concat(broken.Except(ours).Select(v => $"only dose: {v}"));
        yield return new("opam, every version", versions.Length, $"{broken.Count} impossible", $"{ours.Count} impossible", [.. differences], cpu);
    }
}
