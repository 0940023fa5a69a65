using Spectre.Console;

namespace CapabilityRegistry.Benchmarks.Clients;

/// <summary>One thing that must hold.</summary>
internal sealed record Finding(string What, bool Holds, string Found)
{
    /// <summary>Says of each whether it holds.</summary>
    /// <returns>The exit code: 0 when all hold.</returns>
    public static int Print(IReadOnlyList<Finding> findings)
    {
        foreach (var (what, holds, found) in findings)
        {
            AnsiConsole.MarkupLineInterpolated($"{(holds ? "yes" : "NO")}: {what} ({found})");
        }

        return findings.All(f => f.Holds) ? 0 : 1;
    }
}
