using System.CommandLine;

namespace CapabilityRegistry.Cli.Logins;

/// <summary>The options of <c>login</c>. None takes a secret: the list of processes shows command lines to everyone.</summary>
internal sealed class LoginOptions
{
    private readonly Option<string?> _clientId = new("--client-id") { Description = $"The client; the environment's {EnvironmentLogins.ClientId} when not given", HelpName = "ID" };

    private readonly Option<FileInfo?> _secretFile = new("--client-secret-file")
    {
        Description = $"File with the client's secret. Otherwise the environment's {EnvironmentLogins.ClientSecret}, a question at the terminal, or standard input",
        HelpName = "FILE",
    };

    private readonly Option<bool> _token = new("--token") { Description = "Take a ready access token from standard input, in place of a client" };

    private readonly Option<bool> _noStoreSecret = new("--no-store-secret") { Description = "Keep the token only; when it expires there is another login" };

    /// <summary>Takes what does not belong there, since the parser's own complaint would repeat it.</summary>
    private readonly Argument<string[]> _stray = new("STRAY") { Hidden = true, Arity = ArgumentArity.ZeroOrMore };

    public void AddTo(Command command)
    {
        command.Add(_clientId);
        command.Add(_secretFile);
        command.Add(_token);
        command.Add(_noStoreSecret);
        command.Add(_stray);
        command.Validators.Add(given =>
        {
            if (given.GetResult(_stray)?.Tokens.Count > 0)
            {
                given.AddError("There is something on the command line that does not belong there. Secrets never do: use --client-secret-file, or standard input.");
            }

            if (given.GetValue(_token) && (given.GetResult(_clientId) ?? given.GetResult(_secretFile)) is not null)
            {
                given.AddError("--token stands in place of a client, so it cannot go with --client-id or --client-secret-file.");
            }
        });
    }

    public bool KeepsSecret(ParseResult parsed) => !parsed.GetValue(_noStoreSecret);

    /// <summary>The login to try: with a token, or with a client and its secret.</summary>
    public Task<Login> ReadAsync(ParseResult parsed, Session session, CancellationToken cancellationToken) =>
        parsed.GetValue(_token) ? ReadTokenAsync(session, cancellationToken) : ReadClientAsync(parsed, session, cancellationToken);

    private static async Task<Login> ReadTokenAsync(Session session, CancellationToken cancellationToken)
    {
        var token = await SecretInput.ReadAsync(session, file: null, "Access token", cancellationToken);
        if (!TokenEndpoint.IsToken(token))
        {
            throw new InvalidDataException("That is no access token.");
        }

        var claims = TokenClaims.Read(token);
        return claims?.TenantId is { } tenant && session.Tenant is { } wanted && tenant != wanted
            ? throw new InvalidDataException($"The token is for tenant '{tenant}', not for '{wanted}'.")
            : new(session.Connection.Url, claims?.TenantId ?? session.Tenant ?? StoredLogins.DefaultTenant, claims?.ClientId, null, token, claims?.ExpiresAt);
    }

    private async Task<Login> ReadClientAsync(ParseResult parsed, Session session, CancellationToken cancellationToken)
    {
        var known = session.Surroundings.Variable(EnvironmentLogins.ClientId);
        var clientId = parsed.GetValue(_clientId) ?? known
            ?? throw new InvalidDataException($"Say which client logs in, with --client-id or {EnvironmentLogins.ClientId}; or bring a token, with --token.");
        // The environment's secret is that of the environment's client.
        var secret = parsed.GetValue(_secretFile) is null && (known is null || known == clientId) ? session.Surroundings.Variable(EnvironmentLogins.ClientSecret) : null;
        secret ??= await SecretInput.ReadAsync(session, parsed.GetValue(_secretFile), "Client secret", cancellationToken);
        return new(session.Connection.Url, session.Tenant ?? StoredLogins.DefaultTenant, clientId, secret);
    }
}
