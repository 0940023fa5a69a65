using System.Collections.Frozen;
using CapabilityRegistry.Data.Identity;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace CapabilityRegistry.Api.Identity;

/// <summary>Validates access tokens, and remembers those it believes: checking a signature again at every request costs more than many an answer.</summary>
/// <remarks>Whether client, secret and tenant are still welcome is looked up when a token is new here, then every <see cref="Recheck"/>, and at once after a change made in this
/// process. While the database is away, what was known last holds until the token expires.</remarks>
internal sealed class BelievedTokens : JsonWebTokenHandler, IDisposable
{
    /// <summary>How long a revocation made in another process may go unnoticed.</summary>
    public static readonly TimeSpan Recheck = TimeSpan.FromSeconds(10);

    private const int Remembered = 10_000;
    private static readonly FrozenSet<string> KnownRoles = Roles.All.ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> KnownScopes = Scopes.All.ToFrozenSet(StringComparer.Ordinal);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = Remembered });
    private readonly AuthOptions _options;
    private readonly ClientDirectory _directory;
    private readonly TimeProvider _clock;
    private long _doubted;

    public BelievedTokens(IOptions<AuthOptions> options, ClientDirectory directory, TimeProvider clock)
    {
        (_options, _directory, _clock) = (options.Value, directory, clock);
        MapInboundClaims = false;
        MaximumTokenSizeInBytes = 16 * 1024;
    }

    /// <summary>Forgets what is known of everybody's standing, after it changed.</summary>
    public void Doubt() => Interlocked.Exchange(ref _doubted, _clock.GetTimestamp());

    /// <inheritdoc />
    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        if (_cache.TryGetValue(token, out Believed? known) && known is not null)
        {
            return IsFresh(known) ? known.Result : await CheckAgainAsync(token, known);
        }

        var asked = _clock.GetTimestamp();
        if (token.Length > MaximumTokenSizeInBytes || StrictToken.Read(token) is not { } strict || strict.IssuedAt > (_clock.GetUtcNow() + validationParameters.ClockSkew).ToUnixTimeSeconds())
        {
            return Refused("The token is not well-formed, or issued in the future.");
        }

        await RequireKeysAsync(validationParameters);
        var result = await base.ValidateTokenAsync(token, validationParameters);
        return !result.IsValid || result.SecurityToken is not JsonWebToken jwt ? result
            : TokenClaims.Of(strict.Payload, _options) is { } claims ? await BelieveAsync(token, jwt, claims, asked)
            : Refused("The token lacks tenant, client or roles.");
    }

    /// <inheritdoc />
    public void Dispose() => _cache.Dispose();

    private static TokenValidationResult Refused(string reason) => new() { IsValid = false, Exception = new SecurityTokenException(reason) };

    /// <summary>The library goes on without the issuer's keys, and then calls every token bad.</summary>
    /// <exception cref="IssuerUnavailableException">They cannot be read.</exception>
    private static async Task RequireKeysAsync(TokenValidationParameters parameters)
    {
        try
        {
            await (parameters.ConfigurationManager?.GetBaseConfigurationAsync(CancellationToken.None) ?? Task.CompletedTask);
        }
        catch (InvalidOperationException exception)
        {
            throw new IssuerUnavailableException(exception);
        }
    }

    private bool IsFresh(Believed known) =>
        known.CheckedAt > Volatile.Read(ref _doubted) && _clock.GetElapsedTime(known.CheckedAt) < Recheck && _clock.GetUtcNow() < known.Expires;

    private async Task<TokenValidationResult> CheckAgainAsync(string token, Believed known)
    {
        if (_clock.GetUtcNow() >= known.Expires)
        {
            _cache.Remove(token);
            return new() { IsValid = false, Exception = new SecurityTokenExpiredException("The token has expired.") };
        }

        try
        {
            return await BelieveAsync(token, known.Token, known.Claims, _clock.GetTimestamp());
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return known.Result;
        }
    }

    private async Task<TokenValidationResult> BelieveAsync(string token, JsonWebToken jwt, TokenClaims claims, long asked)
    {
        if (await CallerOfAsync(claims) is not { } caller)
        {
            _cache.Remove(token);
            return Refused("The client, its secret or its tenant is no longer welcome.");
        }

        var result = new TokenValidationResult { IsValid = true, ClaimsIdentity = new CallerIdentity(caller), SecurityToken = jwt };
        var expires = new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero);
        using var entry = _cache.CreateEntry(token);
        entry.Value = new Believed(result, jwt, claims, asked, expires);
        entry.Size = 1;
        entry.AbsoluteExpiration = expires;
        return result;
    }

    /// <summary>The caller with the rights that both the token and the client's present standing give.</summary>
    private async Task<Caller?> CallerOfAsync(TokenClaims claims)
    {
        if (claims.SecretId is { } secretId)
        {
            var standing = await _directory.FindAsync(claims.TenantId, claims.ClientId, secretId, CancellationToken.None);
            return standing is null ? null : new(claims.TenantId, claims.ClientId, claims.Roles.Intersect(standing.Roles).ToFrozenSet(), claims.Scopes.Intersect(standing.Scopes).ToFrozenSet());
        }

        return await _directory.IsActiveAsync(claims.TenantId, CancellationToken.None)
            ? new(claims.TenantId, claims.ClientId, claims.Roles.Where(KnownRoles.Contains).ToFrozenSet(), claims.Scopes.Where(KnownScopes.Contains).ToFrozenSet())
            : null;
    }

    private sealed record Believed(TokenValidationResult Result, JsonWebToken Token, TokenClaims Claims, long CheckedAt, DateTimeOffset Expires);
}
