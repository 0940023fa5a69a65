using Spectre.Console;

namespace CapabilityRegistry.Cli.Http;

/// <summary>Shows an error of the registry to people.</summary>
internal static class ProblemView
{
    public static void Write(IAnsiConsole console, RefusedException refused)
    {
        var problem = refused.Problem;
        console.Say(problem.Title ?? "The request was refused.", new(Color.Red, decoration: Decoration.Bold));
        if (problem.Errors is not [var only] || only.Message != problem.Detail)
        {
            console.Say(problem.Detail);
        }

        foreach (var finding in problem.Errors ?? [])
        {
            console.Say($"  {finding}");
        }

        if (refused.RetryAfter is { } pause)
        {
            console.Say($"Try again in {Math.Ceiling(pause.TotalSeconds):0} s.");
        }

        var trace = problem.TraceId is null ? "" : $", trace {problem.TraceId}";
        console.Say($"({refused.Status}{(problem.ErrorCode is null ? "" : $" {problem.ErrorCode}")}{trace})", Shown.Dim);
    }
}
