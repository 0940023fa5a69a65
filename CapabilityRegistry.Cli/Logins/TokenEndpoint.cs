using System.Buffers;
using System.Net.Http.Json;
using System.Text.Json;
using CapabilityRegistry.Cli.Http;

namespace CapabilityRegistry.Cli.Logins;

/// <summary>Who asks for a token.</summary>
internal sealed record TokenRequest(string TenantId, string? ClientId, string? ClientSecret)
{
    /// <summary>Without the secret, which a record's own would show.</summary>
    public override string ToString() => $"{ClientId} of tenant '{TenantId}'";
}

/// <summary>A token and how many seconds it lasts.</summary>
internal sealed record TokenAnswer(string? AccessToken, string? TokenType, double? ExpiresIn)
{
    /// <summary>Without the token, which a record's own would show.</summary>
    public override string ToString() => $"{TokenType} for {ExpiresIn} s";
}

/// <summary>Where a registry hands out tokens.</summary>
internal sealed class TokenEndpoint(Connection connection, TimeProvider clock)
{
    private const double MostSeconds = 10 * 365 * 86_400.0;

    /// <summary>The characters that a bearer token may have (RFC 6750). Others could not be sent, and an error about them would show the token.</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    public static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(TokenCharacters);

    /// <summary>Gets a new token for a login that has a secret.</summary>
    public Task<Login> RenewAsync(Login login, CancellationToken cancellationToken) =>
        connection.PatientlyAsync(
            async token =>
            {
                var body = new TokenRequest(login.Tenant, login.ClientId, login.ClientSecret);
                using var request = new HttpRequestMessage(HttpMethod.Post, "api/auth/token") { Content = JsonContent.Create(body, RegistryJson.Default.TokenRequest) };
                var asked = clock.GetUtcNow();
                using var response = await connection.SendAsync(request, token: null, token);
                return With(login, (await Answer<TokenAnswer>.ReadAsync(response, RegistryJson.Default.TokenAnswer, token)).Value, asked);
            },
            cancellationToken);

    /// <summary>Shows a token to the registry, which says whether it is good. One that may do very little is.</summary>
    /// <exception cref="RefusedException">It is not.</exception>
    public Task ProveAsync(string accessToken, CancellationToken cancellationToken) =>
        connection.PatientlyAsync(
            async token =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "api/capabilities?per_page=1");
                try
                {
                    using var response = await connection.SendAsync(request, accessToken, token);
                    await Answer<ListPage<Capabilities.CapabilityRow>>.ReadAsync(response, RegistryJson.Default.ListPageCapabilityRow, token);
                }
                catch (RefusedException refused) when (refused.Problem.ErrorCode == "AUTHORIZATION_ERROR")
                {
                    // The registry knows who it is, and says so.
                }

                return true;
            },
            cancellationToken);

    /// <summary>The time of expiry is counted on this side's clock, which is the one that it is compared with later.</summary>
    private static Login With(Login login, TokenAnswer answer, DateTimeOffset asked)
    {
        if (answer.AccessToken is not { } token || !IsToken(token) || !string.Equals(answer.TokenType, "bearer", StringComparison.OrdinalIgnoreCase))
        {
            throw new JsonException("It gives no bearer token.");
        }

        var expiresAt = answer.ExpiresIn is { } seconds ? asked.AddSeconds(Math.Clamp(seconds, 0, MostSeconds)) : TokenClaims.Read(token)?.ExpiresAt;
        return login with { AccessToken = token, ExpiresAt = expiresAt };
    }
}
