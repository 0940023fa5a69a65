namespace CapabilityRegistry.Cli.Logins;

/// <summary>Who this client is at one registry. Without a secret the token cannot be renewed; without a time nobody said when it ends.</summary>
internal sealed record Login(
    string Url, string Tenant, string? ClientId = null, string? ClientSecret = null, string? AccessToken = null, DateTimeOffset? ExpiresAt = null)
{
    /// <summary>A token that ends sooner than this may end on the way.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);

    public bool IsRenewable => ClientId is not null && ClientSecret is not null;

    public bool IsOf(Login other) => IsAt(other.Url) && Tenant == other.Tenant;

    public bool IsAt(string url) => string.Equals(Url, url, StringComparison.Ordinal);

    public bool HasExpired(TimeProvider clock) => ExpiresAt <= clock.GetUtcNow();

    public bool MustBeRenewed(TimeProvider clock) => IsRenewable && (AccessToken is null || ExpiresAt - clock.GetUtcNow() < Margin);

    /// <summary>Without the secrets, which a record's own would show.</summary>
    public override string ToString() => $"{ClientId} of tenant '{Tenant}' at {Url}";
}
