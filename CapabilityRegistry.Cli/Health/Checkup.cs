using System.Text.Json;
using CapabilityRegistry.Cli.Http;
using CapabilityRegistry.Cli.Logins;

namespace CapabilityRegistry.Cli.Health;

/// <summary>Looks at a registry from outside, as those who use it do. What goes wrong is a finding, not the end: an operator wants all of it at once.</summary>
internal sealed class Checkup(Session session, TimeSpan limit)
{
    private readonly List<Check> _checks = [];

    /// <summary>Whether it answers, and what it says of its components.</summary>
    public Task HttpAsync(CancellationToken cancellationToken) => TryAsync("http", async token =>
    {
        using var response = await session.Connection.ProbeAsync("api/registry/health", token);
        var json = await response.Content.ReadAsByteArrayAsync(token);
        var health = JsonSerializer.Deserialize(json, RegistryJson.Default.RegistryHealth);
        if (health is not { Status: { } status, Components: { } components })
        {
            throw new JsonException("It is no registry.");
        }

        _checks.AddRange(components.Select(c => new Check(c.Name ?? "?", c.Status ?? Check.Unhealthy, c.DurationMs, c.Reason)));
        return $"{(int)response.StatusCode}, version {health.Version}, up for {TimeSpan.FromSeconds(health.UptimeSeconds):c}, says {status}";
    }, cancellationToken);

    /// <summary>Whether the login gives a token.</summary>
    public Task TokenAsync(CancellationToken cancellationToken) => TryAsync("token", async token =>
    {
        var login = await session.Source.FindAsync(token);
        if (!login.IsRenewable)
        {
            return "given; it is not renewed";
        }

        var renewed = await new TokenEndpoint(session.Connection, session.Clock).RenewAsync(login, token);
        await session.Source.KeepAsync(renewed, token);
        return $"for {login.ClientId} of tenant {login.Tenant}";
    }, cancellationToken);

    /// <summary>Whether something can be read with it.</summary>
    public Task ReadAsync(CancellationToken cancellationToken) => TryAsync("read", async token =>
    {
        var page = await session.Client.GetAsync("api/capabilities?per_page=1", RegistryJson.Default.ListPageCapabilityRow, token);
        return $"{page.Value.TotalCount} capabilities";
    }, cancellationToken);

    /// <summary>How long the certificate is still good; nothing where there is none.</summary>
    public Task CertificateAsync(int days, CancellationToken cancellationToken)
    {
        var url = new Uri(session.Connection.Url);
        return url.Scheme == Uri.UriSchemeHttps
            ? TryAsync("tls", async token =>
            {
                var left = await Certificate.ExpiryAsync(url, token) - session.Clock.GetUtcNow();
                return left >= TimeSpan.FromDays(days)
                    ? $"the certificate is good for {left.TotalDays:0} days"
                    : throw new CheckFailedException($"The certificate {(left < TimeSpan.Zero ? "has expired" : $"expires in {left.TotalDays:0} days")}.");
            }, cancellationToken)
            : Task.CompletedTask;
    }

    public HealthReport Report() => HealthReport.Of(_checks);

    private async Task TryAsync(string name, Func<CancellationToken, Task<string>> check, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(limit, session.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var started = session.Clock.GetTimestamp();
        string status = Check.Healthy, reason;
        try
        {
            reason = await check(either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && ReasonOf(exception) is { } why)
        {
            (status, reason) = (Check.Unhealthy, why);
        }

        _checks.Add(new(name, status, Math.Round(session.Clock.GetElapsedTime(started).TotalMilliseconds, 1), reason));
    }

    private static string? ReasonOf(Exception exception) => exception switch
    {
        CheckFailedException or NotLoggedInException => exception.Message,
        RefusedException refused => $"{refused.Status}: {refused.Message}",
        JsonException => "What answers is no registry that this client understands.",
        System.Security.Authentication.AuthenticationException => exception.Message,
        _ when Failures.IsOutage(exception) => Failures.ReasonOf(exception),
        _ => null,
    };
}

/// <summary>A check that was made and did not pass.</summary>
internal sealed class CheckFailedException(string message) : Exception(message);
