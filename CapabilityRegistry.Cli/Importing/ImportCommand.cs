using System.CommandLine;
using CapabilityRegistry.Cli.Http;

namespace CapabilityRegistry.Cli.Importing;

/// <summary><c>import FILE</c></summary>
internal static class ImportCommand
{
    public static Command Create(GlobalOptions global)
    {
        var file = new Argument<string>("FILE") { Description = "Manifests, one a line (NDJSON), plain or gzip; - is standard input" };
        var onConflict = new Option<string>("--on-conflict")
        {
            Description = "What to do when a version exists already with other contents",
            DefaultValueFactory = _ => "skip",
        };
        onConflict.AcceptOnlyFromAmong("skip", "fail", "update");
        var command = new Command("import", "Register the versions that a file declares. May be repeated: what is there already stays as it is.") { file, onConflict };
        global.SetAction(command, (parsed, session, cancellationToken) =>
            RunAsync(session, parsed.GetRequiredValue(file), parsed.GetRequiredValue(onConflict), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Session session, string file, string onConflict, CancellationToken cancellationToken)
    {
        await using var source = await ImportSource.OpenAsync(file, session.Surroundings, cancellationToken);
        var address = Address.With("api/capabilities/import", ("on_conflict", onConflict));
        var tally = new ImportTally(session.Clock);
        var completed = false;
        try
        {
            await ImportProgress.ShowAsync(session, tally, source, progress =>
                new Importer(new(session.Client, address, session.Clock), tally, progress).RunAsync(source, cancellationToken));
            completed = true;
        }
        finally
        {
            await ImportReport.WriteAsync(session, tally, completed);
        }

        return tally.Failed == 0 ? ExitCodes.Ok : ExitCodes.Negative;
    }
}
