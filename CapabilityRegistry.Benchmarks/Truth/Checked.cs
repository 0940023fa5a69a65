using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Resolution;

namespace CapabilityRegistry.Benchmarks.Truth;

/// <summary>Resolves and verifies: an answer that the separate checkers refuse is a bug, whatever the verdict.</summary>
internal static class Checked
{
    public static ResolutionOutcome Resolve(Catalogue catalogue, ResolutionRequest request)
    {
        var outcome = Resolver.Resolve(catalogue, request);
        var violations = outcome.Status is ResolutionStatus.Resolved
            ? SolutionChecker.Check(catalogue, request.Requirements, [.. outcome.Selected.Select(s => new LockedVersion(s.CapabilityCode, s.Version))])
            : DerivationChecker.Check(catalogue, request, outcome.Derivation!.Steps);
        return violations.Count == 0 ? outcome : throw new InvalidOperationException($"{request.Requirements[0].CapabilityCode}: {violations[0]}");
    }
}

/// <summary>CPU time of this process, user and system.</summary>
internal static class Cpu
{
    public static TimeSpan Now() => System.Diagnostics.Process.GetCurrentProcess().TotalProcessorTime;
}
