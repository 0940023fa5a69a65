using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CapabilityRegistry.Core.Resolution;
using CapabilityRegistry.Core.Versions;
using Spectre.Console;

namespace CapabilityRegistry.Benchmarks.Libsolv;

/// <summary>The resolver beside libsolv (Debian: python3-solv) on the same catalogue in the same run: time to solve for a metapackage from nothing, both in process and warm.</summary>
internal static class LibsolvCommand
{
    private const int Rounds = 9;
    private const int WarmUps = 40;

    public static Command Create()
    {
        var data = CatalogueFolder.Option();
        var python = new Option<string>("--python") { Description = "A Python that has the module solv.", DefaultValueFactory = _ => "/usr/bin/python3" };
        var packages = new Option<string[]>("--packages") { DefaultValueFactory = _ => ["task-gnome-desktop", "gnome", "kde-full", "texlive-full"], AllowMultipleArgumentsPerToken = true };
        var command = new Command("libsolv", "Times the resolver beside libsolv on Debian's metapackages.") { data, python, packages };
        command.SetAction(async (arguments, cancellationToken) =>
            await RunAsync(Path.Combine(arguments.GetValue(data)!.FullName, "debian-bookworm.ndjson.gz"), arguments.GetValue(python)!, arguments.GetValue(packages)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string file, string python, string[] packages, CancellationToken cancellationToken)
    {
        var theirs = await LibsolvAsync(file, python, packages, cancellationToken);
        var ours = Ours(file, packages);
        var table = new Table().AddColumns("package", "libsolv ms", "libsolv packages", "ours ms", "ours packages", "ours / libsolv");
        foreach (var package in packages)
        {
            var (a, b) = (theirs[package], ours[package]);
            table.AddRow(package, $"{a.Ms:f1}", $"{a.Count}", $"{b.Ms:f1}", $"{b.Count}", $"{b.Ms / a.Ms:f2}");
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"Medians of {Rounds} rounds, without recommended. Ours includes the reasons and the load order.");
        return 0;
    }

    private static Dictionary<string, (double Ms, int Count)> Ours(string file, string[] packages)
    {
        var catalogue = CatalogueFile.Load(file);
        return packages.ToDictionary(p => p, package =>
        {
            var request = new ResolutionRequest { Requirements = [new(package, VersionRange.Any)], IncludeRecommended = false };
            var count = 0;
            for (var warm = 0; warm < WarmUps; warm++)
            {
                _ = Resolver.Resolve(catalogue, request);
            }

            var times = Enumerable.Range(0, Rounds).Select(_ =>
            {
                var started = Stopwatch.GetTimestamp();
                count = Resolver.Resolve(catalogue, request).Selected.Count;
                return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }).Order().ToArray();
            return (times[Rounds / 2], count);
        });
    }

    private static async Task<Dictionary<string, (double Ms, int Count)>> LibsolvAsync(string file, string python, string[] packages, CancellationToken cancellationToken)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Libsolv", "solve.py");
        using var process = Process.Start(new ProcessStartInfo(python, [script, file, Rounds.ToString(CultureInfo.InvariantCulture), .. packages]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode != 0
            ? throw new InvalidOperationException("libsolv did not run; on Debian: apt-get install python3-solv")
            : output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).ToDictionary(
                p => p[0], p => (double.Parse(p[1], CultureInfo.InvariantCulture), int.Parse(p[2], CultureInfo.InvariantCulture)), StringComparer.Ordinal);
    }
}
