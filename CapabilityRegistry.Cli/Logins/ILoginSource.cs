namespace CapabilityRegistry.Cli.Logins;

/// <summary>A place that says who to be.</summary>
internal interface ILoginSource
{
    /// <summary>What it is called in answers.</summary>
    string Name { get; }

    /// <summary>Finds the login as it is now: another process may have renewed it.</summary>
    /// <exception cref="NotLoggedInException">There is none.</exception>
    Task<Login> FindAsync(CancellationToken cancellationToken);

    /// <summary>Takes note of a token that was renewed.</summary>
    Task KeepAsync(Login renewed, CancellationToken cancellationToken);

    /// <summary>What to tell when the registry does not accept the login.</summary>
    NotLoggedInException Refused(Login login);
}
