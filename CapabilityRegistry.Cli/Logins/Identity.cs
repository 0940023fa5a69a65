using System.Net;
using CapabilityRegistry.Cli.Http;

namespace CapabilityRegistry.Cli.Logins;

/// <summary>Hands out the token for requests, and renews it when it must be.</summary>
internal sealed class Identity(ILoginSource source, TokenEndpoint endpoint, TimeProvider clock)
{
    private Login? _login;

    /// <summary>A token that lasts as far as this side can know.</summary>
    /// <exception cref="NotLoggedInException">There is none to be had.</exception>
    public async Task<string> GetTokenAsync(CancellationToken cancellationToken)
    {
        _login ??= await source.FindAsync(cancellationToken);
        if (_login.MustBeRenewed(clock))
        {
            await RenewAsync(_login.AccessToken, cancellationToken);
        }

        return _login.AccessToken ?? throw Refused();
    }

    /// <summary>Another token in place of one that the registry refused.</summary>
    /// <exception cref="NotLoggedInException">There is no other to be had.</exception>
    public async Task<string> ReplaceAsync(string refused, CancellationToken cancellationToken)
    {
        await RenewAsync(refused, cancellationToken);
        return _login?.AccessToken ?? throw Refused();
    }

    /// <summary>What to tell when even the newest token was refused.</summary>
    public NotLoggedInException Refused() => _login is null ? new("You are not logged in.") : source.Refused(_login);

    private async Task RenewAsync(string? old, CancellationToken cancellationToken)
    {
        _login = await source.FindAsync(cancellationToken);
        if (_login.AccessToken is { } other && other != old && !_login.MustBeRenewed(clock))
        {
            return;
        }

        if (!_login.IsRenewable)
        {
            throw Refused();
        }

        try
        {
            _login = await endpoint.RenewAsync(_login, cancellationToken);
        }
        catch (RefusedException refused) when (refused.Status is (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden)
        {
            throw Refused();
        }

        await source.KeepAsync(_login, cancellationToken);
    }
}
