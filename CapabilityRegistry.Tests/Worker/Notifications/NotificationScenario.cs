using System.Text.Json;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Tests.Testing;
using CapabilityRegistry.Worker.Notifications;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace CapabilityRegistry.Tests.Worker.Notifications;

/// <summary>A registry, a real mail server, and a clock that stands still until it is moved.</summary>
public abstract class NotificationScenario(DatabaseServer server) : IAsyncLifetime
{
    private protected const string Everything = "\"version_in_use\",\"composition_broken\",\"webhook_disabled\"";

    private long _told;

    private protected SmtpServer Smtp { get; } = new();

    private protected FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow().AddSeconds(5));

    private protected NotificationOptions Settings { get; } = new() { Enabled = true, From = "Registry <registry@example.org>", Attempts = 3 };

    private protected RegistryApp App { get; private set; } = null!;

    private protected SystemDatabase Database { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        App = await RegistryApp.StartAsync(await server.CreateDatabaseAsync());
        Database = App.Services.GetRequiredService<SystemDatabase>();
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Smtp.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task SubscribeAsync(string email, string digest, string kinds = Everything, RegistryApp? app = null)
    {
        var created = await (app ?? App).PostAsync("/api/notifications/subscriptions", $$"""{"email":"{{email}}","kinds":[{{kinds}}],"digest":"{{digest}}"}""");
        Assert.True(created.Status == 201, created.Text);
    }

    private protected Task LockedAsync(string name, params string[] capabilities) => LockedAsync(name, App, capabilities);

    /// <summary>A composition of capabilities, locked.</summary>
    private protected static async Task LockedAsync(string name, RegistryApp app, params string[] capabilities)
    {
        await app.ImportAsync(string.Join('\n', capabilities.Select(c => Sample.Manifest(c))));
        var created = await app.PostAsync("/api/compositions", $$"""{"name":"{{name}}","requirements":[{{string.Join(',', capabilities.Select(c => $$"""{"capability_code":"{{c}}"}"""))}}]}""");
        Assert.True(created.Status == 201, created.Text);
        Assert.Equal(200, (await app.PostAsync($"{created.Headers.Location}/lock", null)).Status);
    }

    private protected async Task PostAsync(string path, string body)
    {
        var answer = await App.PostAsync(path, body);
        Assert.True(answer.Status is 200 or 201, answer.Text);
    }

    /// <summary>Gives the consumer what is new in the sequence, or everything once more.</summary>
    private protected async Task TellAsync(bool again = false)
    {
        var head = await App.Services.GetRequiredService<Sequencer>().RunAsync(TestContext.Current.CancellationToken);
        await using var connection = await Database.OpenAsync(TestContext.Current.CancellationToken);
        var events = await EventReader.ReadAsync(connection, again ? 0 : _told, 1_000, TestContext.Current.CancellationToken);
        await new NotificationConsumer(Database, Queue(), Options.Create(Settings), Clock).HandleAsync(events, TestContext.Current.CancellationToken);
        _told = head;
    }

    private protected MailQueue Queue() => new(Database, Clock);

    private protected DigestMail Digest() => new(Options.Create(Settings), Clock);

    private protected SmtpSender Sender(int? port = null, SmtpSecurity security = SmtpSecurity.None) =>
        new(Options.Create(new SmtpOptions { Server = "127.0.0.1", Port = port ?? Smtp.Port, Security = security }), NullLogger<SmtpSender>.Instance);

    private protected MailRun Run(int? port = null, SmtpSecurity security = SmtpSecurity.None) =>
        new(Queue(), Digest(), Sender(port, security), Options.Create(Settings), NullLogger<MailRun>.Instance);

    private protected async Task<JsonElement> ListedAsync() => Assert.Single((await App.GetAsync("/api/notifications/subscriptions")).Json.GetProperty("items").EnumerateArray());

    private protected Task ExecuteAsync(string sql) => ScalarAsync(sql);

    private protected async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = await Database.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
