using System.CommandLine;

namespace CapabilityRegistry.Cli.Logins;

/// <summary><c>logout</c></summary>
internal static class LogoutCommand
{
    public static Command Create(GlobalOptions global)
    {
        var all = new Option<bool>("--all") { Description = "Forget every login at every registry, also when the file that keeps them cannot be used" };
        var command = new Command("logout", "Forget a login. A token that was handed out stays good until it expires.") { all };
        global.SetLocalAction(command, async (parsed, session, cancellationToken) =>
        {
            await (parsed.GetValue(all) ? session.Store.ClearAsync(cancellationToken) : ForgetAsync(session, cancellationToken));
            if (session.Source is EnvironmentLogins)
            {
                session.Notices.Say("The environment still gives a login.");
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task ForgetAsync(Session session, CancellationToken cancellationToken) =>
        await session.Store.RemoveAsync(await new StoredLogins(session).FindAsync(cancellationToken), cancellationToken);
}
