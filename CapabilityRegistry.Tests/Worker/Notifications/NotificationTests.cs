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

/// <summary>From events to mails that a real mail server gets, on a clock that stands still until it is moved.</summary>
public sealed class NotificationTests(DatabaseServer server) : IAsyncLifetime
{
    private const string Everything = "\"version_in_use\",\"composition_broken\",\"webhook_disabled\"";

    private readonly SmtpServer _smtp = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow().AddSeconds(5));
    private readonly NotificationOptions _options = new() { Enabled = true, From = "Registry <registry@example.org>", Attempts = 3 };
    private RegistryApp _app = null!;
    private SystemDatabase _database = null!;
    private long _told;

    public async ValueTask InitializeAsync()
    {
        _app = await RegistryApp.StartAsync(await server.CreateDatabaseAsync());
        _database = _app.Services.GetRequiredService<SystemDatabase>();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _smtp.DisposeAsync();
    }

    [Fact]
    public async Task A_digest_tells_of_everything_that_happened_since_the_last_one_in_one_mail_and_twice_of_nothing()
    {
        await SubscribeAsync("ops@example.org", "hourly");
        await LockedAsync("<b>Shop</b> & \\\"Co\\\"", "payments", "ledger");
        await PostAsync("/api/capabilities/payments/versions/1.0.0/yank", """{"reason":"Loses orders\r\nBcc: everybody@example.org"}""");
        await PostAsync("/api/capabilities/ledger/versions/1.0.0/retire", """{"reason":"Out of support"}""");
        await TellAsync();
        await TellAsync(again: true);
        Assert.Equal(0, await Run().RunAsync(TestContext.Current.CancellationToken));

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await Run().RunAsync(TestContext.Current.CancellationToken));
        var mail = Assert.Single(_smtp.Received);
        Assert.Equal(["ops@example.org"], mail.Recipients);
        Assert.Equal("[Capability Registry] 3 notifications of tests", mail.Message.Subject);
        Assert.Equal("auto-generated", mail.Message.Headers["Auto-Submitted"]);
        Assert.Null(mail.Message.Headers["Bcc"]);
        var (text, html) = (mail.Message.TextBody, mail.Message.HtmlBody);
        Assert.Contains("* payments 1.0.0 is yanked, and one composition uses it", text, StringComparison.Ordinal);
        Assert.Contains("\"Loses orders Bcc: everybody@example.org\" Used by: <b>Shop</b> & \"Co\".", text, StringComparison.Ordinal);
        Assert.Contains("* ledger 1.0.0 is retired", text, StringComparison.Ordinal);
        Assert.Contains("is broken: ledger 1.0.0 is retired", text, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;Shop&lt;/b&gt; &amp; &quot;Co&quot;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);

        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(0, await Run().RunAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Immediate_means_at_once_and_at_most_once_a_minute()
    {
        await SubscribeAsync("ops@example.org", "immediate");
        await LockedAsync("Shop", "a", "b", "c");
        await PostAsync("/api/capabilities/a/versions/1.0.0/yank", """{"reason":"r"}""");
        await TellAsync();
        Assert.Equal(1, await Run().RunAsync(TestContext.Current.CancellationToken));
        await PostAsync("/api/capabilities/b/versions/1.0.0/yank", """{"reason":"r"}""");
        await PostAsync("/api/capabilities/c/versions/1.0.0/deprecate", """{"message":"Go to b","replaced_by":"b"}""");
        await TellAsync();
        Assert.Equal(0, await Run().RunAsync(TestContext.Current.CancellationToken));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await Run().RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["[Capability Registry] a 1.0.0 is yanked, and one composition uses it", "[Capability Registry] 2 notifications of tests"], _smtp.Received.Select(r => r.Message.Subject));
    }

    [Fact]
    public async Task A_deleted_capability_breaks_the_compositions_whose_locks_name_it_and_a_version_that_none_uses_is_no_news()
    {
        await SubscribeAsync("ops@example.org", "immediate");
        await LockedAsync("Shop", "gone");
        await LockedAsync("Bank", "gone", "lonely");
        await PostAsync("/api/capabilities/lonely/versions", Sample.Manifest("lonely", "2.0.0"));
        await PostAsync("/api/capabilities/lonely/versions/2.0.0/yank", """{"reason":"r"}""");
        Assert.Equal(204, (await _app.SendAsync(HttpMethod.Delete, "/api/capabilities/gone")).Status);
        await TellAsync();
        await Run().RunAsync(TestContext.Current.CancellationToken);
        var text = Assert.Single(_smtp.Received).Message.TextBody;
        Assert.Contains("The composition \"Shop\" is broken: gone was deleted", text, StringComparison.Ordinal);
        Assert.Contains("The composition \"Bank\" is broken: gone was deleted", text, StringComparison.Ordinal);
        Assert.DoesNotContain("lonely", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_that_was_switched_off_is_told_of_to_those_who_want_to_hear_of_that()
    {
        await SubscribeAsync("hooks@example.org", "immediate", "\"webhook_disabled\"");
        await SubscribeAsync("others@example.org", "immediate", "\"version_in_use\"");
        await ExecuteAsync("INSERT INTO events (tenant_id, event_type, occurred_at, actor, change_id, webhook_id) VALUES ('tests', 'webhook.disabled', now() + interval '1 second', 'system', gen_random_uuid(), '01940000-0000-7000-8000-0000000000aa')");
        await TellAsync();
        await Run().RunAsync(TestContext.Current.CancellationToken);
        var mail = Assert.Single(_smtp.Received);
        Assert.Equal(["hooks@example.org"], mail.Recipients);
        Assert.Contains("The webhook 01940000-0000-7000-8000-0000000000aa was switched off", mail.Message.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_whose_sender_died_before_noting_it_goes_out_again_as_the_same_mail()
    {
        await SubscribeAsync("ops@example.org", "immediate");
        await LockedAsync("Shop", "a", "b");
        await PostAsync("/api/capabilities/a/versions/1.0.0/yank", """{"reason":"r"}""");
        await TellAsync();
        var mail = (await Queue().ClaimAsync(TestContext.Current.CancellationToken))!;
        Assert.IsType<SendOutcome.Accepted>(await Sender().SendAsync(Digest().Write(mail), TestContext.Current.CancellationToken));

        // What comes meanwhile is not in it, and nobody else is at it before the lease has ended.
        await PostAsync("/api/capabilities/b/versions/1.0.0/yank", """{"reason":"r"}""");
        await TellAsync();
        Assert.Equal(0, await Run().RunAsync(TestContext.Current.CancellationToken));
        _clock.Advance(MailQueue.LeaseTime);
        Assert.Equal(1, await Run().RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2, _smtp.Received.Count);
        Assert.Equal(_smtp.Received[0].Message.MessageId, _smtp.Received[1].Message.MessageId);
        Assert.Equal(_smtp.Received[0].Message.TextBody, _smtp.Received[1].Message.TextBody);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await Run().RunAsync(TestContext.Current.CancellationToken));
        Assert.NotEqual(_smtp.Received[0].Message.MessageId, _smtp.Received[2].Message.MessageId);
        Assert.Contains("b 1.0.0", _smtp.Received[2].Message.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_workers_send_each_mail_once()
    {
        for (var i = 0; i < 12; i++)
        {
            await SubscribeAsync($"ops-{i}@example.org", "immediate");
        }

        await LockedAsync("Shop", "a");
        await PostAsync("/api/capabilities/a/versions/1.0.0/yank", """{"reason":"r"}""");
        await TellAsync();
        var sent = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Run().RunAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(12, sent.Sum());
        Assert.Equal(12, _smtp.Received.SelectMany(r => r.Recipients).Distinct().Count());
        Assert.Equal(12, _smtp.Received.Count);
    }

    [Fact]
    public async Task What_the_server_puts_off_is_tried_again_and_at_last_given_up_where_everybody_can_see_it()
    {
        await SubscribeAsync("ops@example.org", "immediate");
        await LockedAsync("Shop", "a", "b");
        await PostAsync("/api/capabilities/a/versions/1.0.0/yank", """{"reason":"r"}""");
        await TellAsync();
        _smtp.ToRecipient = "451 4.3.0 Come back later";
        Assert.Equal(0, await Run().RunAsync(TestContext.Current.CancellationToken));
        var (_, tried) = (await Run().RunAsync(TestContext.Current.CancellationToken), await ListedAsync());
        Assert.Equal((1, 1), (_smtp.Connections, tried.GetProperty("attempts").GetInt32()));
        Assert.Contains("451: 4.3.0 Come back later", tried.GetProperty("last_error").GetString(), StringComparison.Ordinal);
        for (var attempt = 2; attempt <= _options.Attempts; attempt++)
        {
            _clock.Advance(TimeSpan.FromMinutes(240));
            await Run().RunAsync(TestContext.Current.CancellationToken);
        }

        var parked = await ListedAsync();
        Assert.Equal((_options.Attempts, true, false), (_smtp.Connections, parked.TryGetProperty("parked_at", out _), parked.TryGetProperty("due_at", out _)));
        Assert.Contains("451", parked.GetProperty("last_error").GetString(), StringComparison.Ordinal);

        // What comes later goes out, and what was given up does not come back.
        _smtp.ToRecipient = "250 Ok";
        await PostAsync("/api/capabilities/b/versions/1.0.0/yank", """{"reason":"r"}""");
        await TellAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await Run().RunAsync(TestContext.Current.CancellationToken));
        Assert.Contains("b 1.0.0", Assert.Single(_smtp.Received).Message.Subject, StringComparison.Ordinal);
        var listed = await ListedAsync();
        Assert.Equal((false, false), (listed.TryGetProperty("parked_at", out _), listed.TryGetProperty("last_error", out _)));
    }

    [Fact]
    public async Task Who_does_not_exist_is_written_to_once()
    {
        await SubscribeAsync("nobody@example.org", "immediate");
        await LockedAsync("Shop", "a");
        await PostAsync("/api/capabilities/a/versions/1.0.0/yank", """{"reason":"r"}""");
        await TellAsync();
        _smtp.ToRecipient = "550 5.1.1 No such user";
        await Run().RunAsync(TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromDays(1));
        await Run().RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, _smtp.Connections);
        Assert.Contains("550: 5.1.1 No such user", (await ListedAsync()).GetProperty("last_error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_server_that_is_away_is_waited_for_and_its_name_is_nothing_for_tenants()
    {
        await SubscribeAsync("ops@example.org", "immediate");
        await LockedAsync("Shop", "a");
        await PostAsync("/api/capabilities/a/versions/1.0.0/yank", """{"reason":"r"}""");
        await TellAsync();
        Assert.Equal(0, await Run(port: 1).RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal("The mail server does not answer as it should.", (await ListedAsync()).GetProperty("last_error").GetString());
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await Run().RunAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_server_that_cannot_encrypt_gets_nothing_where_encryption_is_asked_for()
    {
        await SubscribeAsync("ops@example.org", "immediate");
        await LockedAsync("Shop", "a");
        await PostAsync("/api/capabilities/a/versions/1.0.0/yank", """{"reason":"r"}""");
        await TellAsync();
        Assert.Equal(0, await Run(security: SmtpSecurity.StartTls).RunAsync(TestContext.Current.CancellationToken));
        Assert.Empty(_smtp.Received);
    }

    [Fact]
    public async Task Nobody_is_told_of_what_happened_before_he_subscribed_or_is_no_news_any_more()
    {
        await LockedAsync("Shop", "a", "b");
        await PostAsync("/api/capabilities/a/versions/1.0.0/yank", """{"reason":"r"}""");
        await SubscribeAsync("ops@example.org", "immediate");
        await TellAsync();
        await PostAsync("/api/capabilities/b/versions/1.0.0/yank", """{"reason":"r"}""");
        _clock.Advance(TimeSpan.FromDays(2));
        await TellAsync();
        Assert.Equal(0, await Run().RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0L, await ScalarAsync("SELECT count(*) FROM notifications"));
    }

    [Fact]
    public async Task While_notifications_are_off_nothing_is_collected_and_nothing_sent()
    {
        await SubscribeAsync("ops@example.org", "immediate");
        await LockedAsync("Shop", "a");
        await PostAsync("/api/capabilities/a/versions/1.0.0/yank", """{"reason":"r"}""");
        _options.Enabled = false;
        await TellAsync();
        _options.Enabled = true;
        Assert.Equal(0, await Run().RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0L, await ScalarAsync("SELECT count(*) FROM notifications"));
        Assert.False(new NotificationOptions().Enabled);
    }

    [Fact]
    public async Task What_was_told_is_kept_for_a_while_and_ends_with_its_subscription()
    {
        await SubscribeAsync("ops@example.org", "immediate");
        await LockedAsync("Shop", "a", "b");
        await PostAsync("/api/capabilities/a/versions/1.0.0/yank", """{"reason":"r"}""");
        await TellAsync();
        await Run().RunAsync(TestContext.Current.CancellationToken);
        await PostAsync("/api/capabilities/b/versions/1.0.0/yank", """{"reason":"r"}""");
        await TellAsync();
        using var sweeper = new NotificationSweeper(_database, Options.Create(_options), _clock, NullLogger<NotificationSweeper>.Instance);
        Assert.Equal(0, await sweeper.SweepAsync(TestContext.Current.CancellationToken));
        _clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(1, await sweeper.SweepAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1L, await ScalarAsync("SELECT count(*) FROM notifications"));
        Assert.Equal(204, (await _app.SendAsync(HttpMethod.Delete, $"/api/notifications/subscriptions/{(await ListedAsync()).GetProperty("subscription_id").GetString()}")).Status);
        Assert.Equal(0L, await ScalarAsync("SELECT count(*) FROM notifications"));
    }

    [Fact]
    public async Task The_worker_does_all_of_it_by_itself_when_it_is_switched_on()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Notifications:Enabled"] = "true",
            ["Notifications:From"] = "registry@example.org",
            ["Smtp:Server"] = "127.0.0.1",
            ["Smtp:Port"] = $"{_smtp.Port}",
            ["Smtp:Security"] = "None",
        };
        await using var app = await RegistryApp.StartAsync(await server.CreateDatabaseAsync(), withWorker: true, settings);
        await SubscribeAsync("ops@example.org", "immediate", app: app);
        await LockedAsync("Shop", app, "a");
        await app.PostAsync("/api/capabilities/a/versions/1.0.0/yank", """{"reason":"r"}""");
        while (_smtp.Received.Count == 0)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Equal("[Capability Registry] a 1.0.0 is yanked, and one composition uses it", _smtp.Received[0].Message.Subject);
    }

    [Theory]
    [InlineData("Notifications:Enabled=true")]
    [InlineData("Notifications:Enabled=true;Smtp:Server=mail.example.org")]
    [InlineData("Notifications:Enabled=true;Smtp:Server=mail.example.org;Notifications:From=not an address")]
    [InlineData("Smtp:Username=u;Smtp:Password=p;Smtp:Security=None")]
    [InlineData("Smtp:Sever=mail.example.org")]
    public async Task What_cannot_be_meant_stops_the_start(string settings)
    {
        var pairs = settings.Split(';').Select(s => s.Split('=')).ToDictionary(s => s[0], s => (string?)s[1], StringComparer.Ordinal);
        var connectionString = await server.CreateDatabaseAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => RegistryApp.StartAsync(connectionString, withWorker: true, pairs));
    }

    [Theory]
    [InlineData(CapabilityRegistry.Data.Model.NotificationDigest.Immediate, "10:30:00", null, "10:30:00")]
    [InlineData(CapabilityRegistry.Data.Model.NotificationDigest.Immediate, "10:30:00", "10:29:30", "10:30:30")]
    [InlineData(CapabilityRegistry.Data.Model.NotificationDigest.Hourly, "10:30:00", null, "11:00:00")]
    [InlineData(CapabilityRegistry.Data.Model.NotificationDigest.Hourly, "11:00:00", null, "12:00:00")]
    [InlineData(CapabilityRegistry.Data.Model.NotificationDigest.Daily, "05:59:59", null, "06:00:00")]
    [InlineData(CapabilityRegistry.Data.Model.NotificationDigest.Daily, "06:00:00", null, "1.06:00:00")]
    public void A_digest_has_its_time(CapabilityRegistry.Data.Model.NotificationDigest digest, string now, string? lastSent, string next)
    {
        var day = new DateTimeOffset(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(day + TimeSpan.Parse(next), DigestTimes.Next(digest, day + TimeSpan.Parse(now), lastSent is null ? null : day + TimeSpan.Parse(lastSent)));
    }

    private async Task SubscribeAsync(string email, string digest, string kinds = Everything, RegistryApp? app = null)
    {
        var created = await (app ?? _app).PostAsync("/api/notifications/subscriptions", $$"""{"email":"{{email}}","kinds":[{{kinds}}],"digest":"{{digest}}"}""");
        Assert.True(created.Status == 201, created.Text);
    }

    private Task LockedAsync(string name, params string[] capabilities) => LockedAsync(name, _app, capabilities);

    /// <summary>A composition of capabilities, locked.</summary>
    private static async Task LockedAsync(string name, RegistryApp app, params string[] capabilities)
    {
        await app.ImportAsync(string.Join('\n', capabilities.Select(c => Sample.Manifest(c))));
        var created = await app.PostAsync("/api/compositions", $$"""{"name":"{{name}}","requirements":[{{string.Join(',', capabilities.Select(c => $$"""{"capability_code":"{{c}}"}"""))}}]}""");
        Assert.True(created.Status == 201, created.Text);
        Assert.Equal(200, (await app.PostAsync($"{created.Headers.Location}/lock", null)).Status);
    }

    private async Task PostAsync(string path, string body)
    {
        var answer = await _app.PostAsync(path, body);
        Assert.True(answer.Status is 200 or 201, answer.Text);
    }

    /// <summary>Gives the consumer what is new in the sequence, or everything once more.</summary>
    private async Task TellAsync(bool again = false)
    {
        var head = await _app.Services.GetRequiredService<Sequencer>().RunAsync(TestContext.Current.CancellationToken);
        await using var connection = await _database.OpenAsync(TestContext.Current.CancellationToken);
        var events = await EventReader.ReadAsync(connection, again ? 0 : _told, 1_000, TestContext.Current.CancellationToken);
        await new NotificationConsumer(_database, Queue(), Options.Create(_options), _clock).HandleAsync(events, TestContext.Current.CancellationToken);
        _told = head;
    }

    private MailQueue Queue() => new(_database, _clock);

    private DigestMail Digest() => new(Options.Create(_options), _clock);

    private SmtpSender Sender(int? port = null, SmtpSecurity security = SmtpSecurity.None) =>
        new(Options.Create(new SmtpOptions { Server = "127.0.0.1", Port = port ?? _smtp.Port, Security = security }), NullLogger<SmtpSender>.Instance);

    private MailRun Run(int? port = null, SmtpSecurity security = SmtpSecurity.None) =>
        new(Queue(), Digest(), Sender(port, security), Options.Create(_options), NullLogger<MailRun>.Instance);

    private async Task<JsonElement> ListedAsync() => Assert.Single((await _app.GetAsync("/api/notifications/subscriptions")).Json.GetProperty("items").EnumerateArray());

    private Task ExecuteAsync(string sql) => ScalarAsync(sql);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = await _database.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
