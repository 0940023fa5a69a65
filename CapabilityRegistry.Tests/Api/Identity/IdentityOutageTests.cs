using System.Globalization;
using CapabilityRegistry.Api.Events;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Data;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Standalone.Postgres;
using CapabilityRegistry.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CapabilityRegistry.Tests.Api.Identity;

/// <summary>Tokens while PostgreSQL is away.</summary>
public sealed class IdentityOutageTests : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"registry-identity-outage-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}");
    private EmbeddedPostgres _server = null!;

    public async ValueTask InitializeAsync() => _server = await EmbeddedPostgres.StartAsync(new() { DataDirectory = _folder, Durable = false });

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task While_the_database_is_away_believed_tokens_hold_and_others_are_503_not_401()
    {
        await DatabaseMigrator.MigrateAsync(_server.OwnerConnectionString, _server.ConnectionString, TestContext.Current.CancellationToken);
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await RegistryApp.StartAsync(_server.ConnectionString, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));

        // A page is dropped when the news of its last change arrives.
        await app.ImportAsync(Sample.Manifest("durable"));
        var published = await app.SendAsync(HttpMethod.Post, "/api/capabilities/durable/versions", Sample.Manifest("durable", "2.0.0"));
        var position = long.Parse(published.Headers.GetValues("Registry-Position").Single(), CultureInfo.InvariantCulture);
        await app.Services.GetRequiredService<EventTail>().WaitForAsync(position, TestContext.Current.CancellationToken);
        Assert.Equal(200, (await app.GetAsync("/api/capabilities/durable")).Status);
        var fresh = await IssueAsync(app);
        await _server.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(200, (await app.GetAsync("/api/capabilities/durable")).Status);
        clock.Advance(BelievedTokens.Recheck * 2);
        Assert.Equal(200, (await app.GetAsync("/api/capabilities/durable")).Status);

        var unknown = await Anonymous.GetAsync(app, "/api/capabilities/durable", ("Authorization", $"Bearer {fresh}"));
        Assert.Equal((503, "UNAVAILABLE"), (unknown.Status, unknown.ErrorCode));
        Assert.NotNull(unknown.Headers.RetryAfter);
        Refused.Check(await Anonymous.GetAsync(app, "/api/capabilities/durable", ("Authorization", $"Bearer {fresh}x")));
        Assert.Equal(200, (await Anonymous.GetAsync(app, "/alive", ("Authorization", $"Bearer {fresh}"))).Status);

        clock.Advance(TimeSpan.FromMinutes(30));
        Refused.Check(await app.GetAsync("/api/capabilities/durable"));
    }

    /// <summary>A token of the test's client that nobody has used yet.</summary>
    private static async Task<string> IssueAsync(RegistryApp app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<RegistryDbContext>();
        database.TenantId = TestTokens.Tenant;
        ApiClient client = await database.ApiClients.SingleAsync(TestContext.Current.CancellationToken);
        var secret = await database.ApiClientSecrets.SingleAsync(TestContext.Current.CancellationToken);
        return app.Services.GetRequiredService<TokenIssuer>().Issue(client, secret.SecretId, client.Scopes).Token;
    }
}
