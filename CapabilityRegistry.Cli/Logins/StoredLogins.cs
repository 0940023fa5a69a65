using Spectre.Console;

namespace CapabilityRegistry.Cli.Logins;

/// <summary>The logins that <c>registry login</c> has kept.</summary>
internal sealed class StoredLogins(Session session) : ILoginSource
{
    public const string DefaultTenant = "default";

    public string Name => "store";

    private string Url => session.Connection.Url;

    /// <summary>The login of the tenant that was asked for; otherwise that of the default tenant, or the only one.</summary>
    public async Task<Login> FindAsync(CancellationToken cancellationToken)
    {
        var logins = (await session.Store.ReadAsync(cancellationToken)).Where(login => login.IsAt(Url)).ToArray();
        var wanted = session.Tenant ?? DefaultTenant;
        return logins.FirstOrDefault(login => login.Tenant == wanted) ?? (session.Tenant, logins) switch
        {
            (null, [var only]) => only,
            (null, { Length: > 1 }) =>
                throw new NotLoggedInException($"There are logins for several tenants at {Url}: {string.Join(", ", logins.Select(l => l.Tenant))}. Choose one with --tenant."),
            _ => throw NotLoggedIn(),
        };
    }

    /// <summary>Keeps it for the next command. This one has its token in any case, so it goes on when the store cannot be written.</summary>
    public async Task KeepAsync(Login renewed, CancellationToken cancellationToken)
    {
        try
        {
            await session.Store.RenewAsync(renewed, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            session.Notices.Say($"The renewed token could not be kept: {exception.Message}", new(Color.Yellow));
        }
    }

    public NotLoggedInException Refused(Login login)
    {
        var what = login.IsRenewable ? $"client '{login.ClientId}' of tenant '{login.Tenant}'"
            : login.HasExpired(session.Clock) ? $"the token for tenant '{login.Tenant}', which has expired and is kept without a secret to renew it"
            : $"the token for tenant '{login.Tenant}', which is kept without a secret to renew it";
        var how = login.ClientId is { } id ? $"--client-id {id}" : "--token";
        return new($"The registry at {Url} does not accept {what}. Run:\n  registry login --url {Url} --tenant {login.Tenant} {how}");
    }

    private NotLoggedInException NotLoggedIn()
    {
        var (whom, option) = session.Tenant is { } tenant ? ($" for tenant '{tenant}'", $" --tenant {tenant}") : ("", "");
        var half = session.Surroundings.Variable(EnvironmentLogins.ClientId) is null ? ""
            : $" {EnvironmentLogins.ClientId} is set, {EnvironmentLogins.ClientSecret} is not.";
        return new($"You are not logged in at {Url}{whom}.{half} Run:\n  registry login --url {Url}{option} --client-id ID");
    }
}
