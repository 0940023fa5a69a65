using System.Text.Json;

namespace CapabilityRegistry.Cli.Importing;

/// <summary>Counts what became of the lines. Keeps the first failures only, so that a file may be as bad and as long as it likes.</summary>
internal sealed class ImportTally(TimeProvider clock)
{
    private const int MostFailures = 20;

    private readonly long _started = clock.GetTimestamp();
    private readonly List<ImportFailure> _failures = [];

    public long Created { get; private set; }

    public long Updated { get; private set; }

    public long Unchanged { get; private set; }

    public long Skipped { get; private set; }

    public long Failed { get; private set; }

    public long Lines => Created + Updated + Unchanged + Skipped + Failed;

    public TimeSpan Elapsed => clock.GetElapsedTime(_started);

    public double LinesPerSecond => Lines / Math.Max(Elapsed.TotalSeconds, 0.001);

    public void Count(long line, ImportOutcome outcome)
    {
        switch (outcome.Status)
        {
            case "created":
                Created++;
                break;
            case "updated":
                Updated++;
                break;
            case "unchanged":
                Unchanged++;
                break;
            case "skipped":
                Skipped++;
                break;
            case "failed":
                Fail(new(line, outcome.CapabilityCode, outcome.Version, outcome.ErrorCode, outcome.Errors ?? []));
                break;
            default:
                throw new JsonException($"'{outcome.Status}' is no outcome of a line.");
        }
    }

    public void CountTooLong(long line) =>
        Fail(new(line, null, null, "PAYLOAD_TOO_LARGE", [new("", "too_long", $"The line has more than {NdjsonReader.MostBytes} bytes and was not sent.")]));

    public ImportSummary Summarise(bool completed) =>
        new(completed, Lines, Created, Updated, Unchanged, Skipped, Failed, (long)Elapsed.TotalMilliseconds, [.. _failures.OrderBy(f => f.Line)]);

    private void Fail(ImportFailure failure)
    {
        Failed++;
        if (_failures.Count < MostFailures)
        {
            _failures.Add(failure);
        }
    }
}
