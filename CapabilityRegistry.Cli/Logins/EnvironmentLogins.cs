namespace CapabilityRegistry.Cli.Logins;

/// <summary>The login that the environment gives: a ready token, or a client and its secret. It goes before the store and never into it.</summary>
internal sealed class EnvironmentLogins(Login login, string variables, string? wantedTenant) : ILoginSource
{
    public const string Token = "REGISTRY_TOKEN";
    public const string ClientId = "REGISTRY_CLIENT_ID";
    public const string ClientSecret = "REGISTRY_CLIENT_SECRET";

    public string Name => "environment";

    /// <summary>The login, or null when the environment gives none.</summary>
    public static EnvironmentLogins? Find(Session session)
    {
        var (url, tenant, surroundings) = (session.Connection.Url, session.Tenant ?? StoredLogins.DefaultTenant, session.Surroundings);
        if (surroundings.Variable(Token) is { } token)
        {
            var claims = TokenClaims.Read(token);
            return new(new(url, claims?.TenantId ?? tenant, claims?.ClientId, null, token, claims?.ExpiresAt), Token, session.Tenant);
        }

        return surroundings.Variable(ClientId) is { } id && surroundings.Variable(ClientSecret) is { } secret
            ? new(new(url, tenant, id, secret), $"{ClientId} and {ClientSecret}", session.Tenant)
            : null;
    }

    public Task<Login> FindAsync(CancellationToken cancellationToken)
    {
        if (login.AccessToken is { } token && !TokenEndpoint.IsToken(token))
        {
            throw new NotLoggedInException($"What {variables} holds is no token. {Remedy}");
        }

        return wantedTenant is null || wantedTenant == login.Tenant
            ? Task.FromResult(login)
            : throw new NotLoggedInException($"The token in {variables} is for tenant '{login.Tenant}', not for '{wantedTenant}'. {Remedy}");
    }

    public Task KeepAsync(Login renewed, CancellationToken cancellationToken) => Task.CompletedTask;

    public NotLoggedInException Refused(Login login) =>
        new($"The registry at {login.Url} does not accept what {variables} {(login.IsRenewable ? "hold" : "holds")} for tenant '{login.Tenant}'. {Remedy}");

    private string Remedy => $"Correct the environment, or unset {variables} and run:\n  registry login --url {login.Url}";
}
