using System.CommandLine;

namespace CapabilityRegistry.Cli.Logins;

/// <summary><c>whoami</c></summary>
internal static class WhoAmICommand
{
    public static Command Create(GlobalOptions global)
    {
        var command = new Command("whoami", "Show who the next command would be, without asking the registry. 1 if the token has expired and cannot be renewed.");
        global.SetLocalAction(command, async (_, session, cancellationToken) =>
        {
            var summary = LoginSummary.Of(await session.Source.FindAsync(cancellationToken), session.Source, session.Clock);
            await summary.WriteAsync(session, cancellationToken);
            return summary is { Expired: true, Renewable: false } ? ExitCodes.Negative : ExitCodes.Ok;
        });
        return command;
    }
}
