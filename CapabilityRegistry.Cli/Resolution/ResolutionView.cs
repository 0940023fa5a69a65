using Spectre.Console;

namespace CapabilityRegistry.Cli.Resolution;

/// <summary>Shows a resolution to people.</summary>
internal static class ResolutionView
{
    private const int MostLines = 10;
    private const int MostCodes = 8;

    public static void Write(IAnsiConsole console, ResolutionAnswer answer, int depth)
    {
        if (!answer.IsResolved)
        {
            WriteFailure(console, answer);
            return;
        }

        var versions = answer.Lock?.Versions ?? [];
        console.Say($"Resolved to {versions.Count:N0} versions at catalogue position {answer.Lock?.CataloguePosition}.", new(Color.Green));
        console.Say(answer.Lock?.ContentHash, Shown.Dim);
        console.Write(DependencyTree.Draw(versions, depth));
        WriteLoadOrder(console, answer.LoadOrder ?? []);
        WriteList(console, "Cycles", [.. (answer.Cycles ?? []).Select(Describe)]);
        WriteList(console, "Left out", [.. (answer.LeftOut ?? []).Select(l => $"{l.CapabilityCode} {l.VersionRange}, recommended by {l.RecommendedBy}: {l.Reason}")]);
        WriteSuggestions(console, answer.Suggestions ?? []);
    }

    /// <summary>Shows why there is no result.</summary>
    public static void WriteFailure(IAnsiConsole console, ResolutionAnswer answer)
    {
        var (title, otherwise) = answer.Status switch
        {
            "impossible" => ("Impossible.", "The registry does not say why."),
            "unknown" => ("Unknown.", "The budget was spent before there was an answer; a larger one may find it."),
            _ => ($"The answer is '{answer.Status}'.", ""),
        };
        console.Say(title, new(Color.Red));
        console.Say(answer.Explanation?.Prose ?? otherwise);
    }

    private static void WriteLoadOrder(IAnsiConsole console, IReadOnlyList<IReadOnlyList<string>> ranks) =>
        WriteList(console, $"Load order, {ranks.Count:N0} steps", [.. ranks.Select((rank, i) => $"{i + 1}. {Shorten(rank)}")]);

    private static void WriteSuggestions(IAnsiConsole console, IReadOnlyList<Suggestion> suggestions)
    {
        if (suggestions.Count > 0)
        {
            var byType = suggestions.CountBy(s => s.DependencyType ?? "other").Select(type => $"{type.Value:N0} {type.Key}");
            console.Say($"Goes well with it: {string.Join(", ", byType)}; --json names them.");
        }
    }

    private static void WriteList(IAnsiConsole console, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        console.Say(title, Shown.Strong);
        foreach (var line in lines.Take(MostLines))
        {
            console.Say($"  {line}");
        }

        if (lines.Count > MostLines)
        {
            console.Say($"  and {lines.Count - MostLines:N0} more", Shown.Dim);
        }
    }

    private static string Describe(Cycle cycle)
    {
        var members = cycle.Members ?? [];
        var edge = cycle.ClosingEdge is { } closing ? $"; started as if {closing.From} did not need {closing.To}" : "";
        return $"{string.Join(" -> ", [.. members, .. members.Take(1)])}{edge}";
    }

    private static string Shorten(IReadOnlyList<string> codes) =>
        string.Join(", ", codes.Take(MostCodes)) + (codes.Count > MostCodes ? $" and {codes.Count - MostCodes:N0} more" : "");
}
