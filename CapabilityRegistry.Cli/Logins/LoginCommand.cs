using System.CommandLine;
using System.Net;
using CapabilityRegistry.Cli.Http;

namespace CapabilityRegistry.Cli.Logins;

/// <summary><c>login</c></summary>
internal static class LoginCommand
{
    public static Command Create(GlobalOptions global)
    {
        var options = new LoginOptions();
        var command = new Command("login", "Get an access token, try it, and keep it with the client's secret for the commands that follow.");
        options.AddTo(command);
        global.SetAction(command, async (parsed, session, cancellationToken) =>
        {
            var login = await TryAsync(session, await options.ReadAsync(parsed, session, cancellationToken), cancellationToken);
            return await KeepAsync(session, options.KeepsSecret(parsed) ? login : login with { ClientSecret = null }, cancellationToken);
        });
        return command;
    }

    private static async Task<Login> TryAsync(Session session, Login login, CancellationToken cancellationToken)
    {
        var endpoint = new TokenEndpoint(session.Connection, session.Clock);
        try
        {
            login = login.IsRenewable ? await endpoint.RenewAsync(login, cancellationToken) : login;
            await endpoint.ProveAsync(login.AccessToken ?? "", cancellationToken);
            return login;
        }
        catch (RefusedException refused) when (refused.Status == (int)HttpStatusCode.Unauthorized)
        {
            throw new NotLoggedInException(login.IsRenewable
                ? $"The registry at {login.Url} does not accept client '{login.ClientId}' of tenant '{login.Tenant}' with this secret. Check all three; --tenant names the tenant."
                : $"The registry at {login.Url} does not accept this token. Check that it is whole, of this registry, and not expired.");
        }
    }

    private static async Task<int> KeepAsync(Session session, Login login, CancellationToken cancellationToken)
    {
        await session.Store.PutAsync(login, cancellationToken);
        await LoginSummary.Of(login, new StoredLogins(session), session.Clock).WriteAsync(session, cancellationToken);
        if (session.Source is EnvironmentLogins)
        {
            session.Notices.Say("The environment gives a login too, and the commands that follow go by that one.");
        }

        return ExitCodes.Ok;
    }
}
