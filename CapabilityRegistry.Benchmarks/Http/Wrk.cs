using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CapabilityRegistry.Benchmarks.Http;

/// <summary>The load generator wrk, as Debian has it.</summary>
internal static partial class Wrk
{
    /// <summary>Asks as fast as it can for a while.</summary>
    /// <returns>Requests per second.</returns>
    /// <exception cref="InvalidOperationException">wrk is missing, or an answer was no success.</exception>
    public static async Task<double> RunAsync(string url, string? token, int connections, TimeSpan duration, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("wrk") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-t1");
        start.ArgumentList.Add($"-c{connections}");
        start.ArgumentList.Add($"-d{(int)duration.TotalSeconds}s");
        if (token is not null)
        {
            start.ArgumentList.Add("-H");
            start.ArgumentList.Add($"Authorization: Bearer {token}");
        }

        start.ArgumentList.Add(url);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("wrk does not start.");
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var rate = Rate().Match(output);
        return process.ExitCode == 0 && rate.Success && !output.Contains("Non-2xx", StringComparison.Ordinal)
            ? double.Parse(rate.Groups["rate"].ValueSpan, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"wrk failed for {url}: {output}");
    }

    [GeneratedRegex("Requests/sec:\\s+(?<rate>[0-9.]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rate();
}
