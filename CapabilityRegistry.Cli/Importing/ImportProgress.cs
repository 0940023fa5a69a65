using System.Globalization;
using Spectre.Console;

namespace CapabilityRegistry.Cli.Importing;

/// <summary>Tells people on standard error how far an import is: a bar on a terminal, a line now and then otherwise, pauses alone beside JSON.</summary>
internal class ImportProgress(IAnsiConsole console)
{
    protected IAnsiConsole Console { get; } = console;

    /// <summary>Runs an import with the kind of progress that suits the session.</summary>
    public static Task ShowAsync(Session session, ImportTally tally, ImportSource source, Func<ImportProgress, Task> import)
    {
        if (session.Json)
        {
            return import(new(session.Notices));
        }

        var profile = session.Notices.Profile;
        return profile.Out.IsTerminal && profile.Capabilities.Interactive
            ? ImportProgressBar.ShowAsync(session.Notices, tally, isEndKnown: source.Progress is not null, import)
            : import(new ImportProgressLines(session.Notices, tally, session.Clock));
    }

    /// <summary>Another line has its outcome.</summary>
    /// <param name="share">How much is done, from 0 to 1, if that is known.</param>
    public virtual void Advance(double? share)
    {
    }

    /// <summary>Nothing happens for a while.</summary>
    public virtual void Wait(string reason) => Console.Say(reason);

    protected static string Describe(ImportTally tally) =>
        string.Create(CultureInfo.InvariantCulture, $"{tally.Lines:N0} lines, {tally.LinesPerSecond:N0}/s{(tally.Failed > 0 ? $", {tally.Failed:N0} failed" : "")}");
}
