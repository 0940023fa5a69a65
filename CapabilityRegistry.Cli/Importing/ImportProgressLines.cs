using Spectre.Console;

namespace CapabilityRegistry.Cli.Importing;

/// <summary>Progress for logs and pipes.</summary>
internal sealed class ImportProgressLines(IAnsiConsole console, ImportTally tally, TimeProvider clock) : ImportProgress(console)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long _written = clock.GetTimestamp();

    public override void Advance(double? share)
    {
        if (clock.GetElapsedTime(_written) >= Interval)
        {
            _written = clock.GetTimestamp();
            Console.Say(share is { } known ? $"{Describe(tally)}, {known:P0}" : Describe(tally));
        }
    }
}
