using System.Globalization;
using CapabilityRegistry.Cli.Http;
using Spectre.Console;

namespace CapabilityRegistry.Cli.Logins;

/// <summary>A login without its secrets, as it is shown. The source is <c>environment</c> or <c>store</c>; a renewable one has a secret to get another token with.</summary>
internal sealed record LoginSummary(
    string Url, string Tenant, string? ClientId, IReadOnlyList<string> Roles, string? Scope, DateTimeOffset? ExpiresAt, bool Expired, bool Renewable, string Source)
{
    public static LoginSummary Of(Login login, ILoginSource source, TimeProvider clock)
    {
        var claims = login.AccessToken is { } token ? TokenClaims.Read(token) : null;
        var clientId = login.ClientId ?? claims?.ClientId;
        return new(login.Url, login.Tenant, clientId, claims?.Roles ?? [], claims?.Scope, login.ExpiresAt, login.HasExpired(clock), login.IsRenewable, source.Name);
    }

    public async Task WriteAsync(Session session, CancellationToken cancellationToken)
    {
        if (session.Json)
        {
            await session.WriteJsonAsync(this, RegistryJson.Default.LoginSummary, cancellationToken);
            return;
        }

        var grid = new Grid().AddColumns(new GridColumn().NoWrap(), new GridColumn());
        foreach (var (name, value) in Fields())
        {
            if (value is { Length: > 0 })
            {
                grid.AddRow(new Text(name, Shown.Dim), Shown.Text(value));
            }
        }

        session.Output.Write(grid);
    }

    private (string Name, string? Value)[] Fields() =>
    [
        ("Registry", Url),
        ("Tenant", Tenant),
        ("Client", ClientId),
        ("Roles", string.Join(", ", Roles)),
        ("Scope", Scope),
        ("Token", Token()),
        ("From", Source),
    ];

    private string Token()
    {
        var time = ExpiresAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        var until = time is null ? "no known end" : Expired ? $"expired at {time}" : $"until {time}";
        return Renewable ? $"{until}; renewed when needed" : until;
    }
}
