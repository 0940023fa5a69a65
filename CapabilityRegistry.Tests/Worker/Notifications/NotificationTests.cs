using CapabilityRegistry.Tests.Testing;
using CapabilityRegistry.Worker.Notifications;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Tests.Worker.Notifications;

/// <summary>From events to mails that a real mail server gets.</summary>
public sealed class NotificationTests(DatabaseServer server) : NotificationScenario(server)
{
    private readonly DatabaseServer _server = server;

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

        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await Run().RunAsync(TestContext.Current.CancellationToken));
        var mail = Assert.Single(Smtp.Received);
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

        Clock.Advance(TimeSpan.FromHours(2));
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
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await Run().RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["[Capability Registry] a 1.0.0 is yanked, and one composition uses it", "[Capability Registry] 2 notifications of tests"], Smtp.Received.Select(r => r.Message.Subject));
    }

    [Fact]
    public async Task A_deleted_capability_breaks_the_compositions_whose_locks_name_it_and_a_version_that_none_uses_is_no_news()
    {
        await SubscribeAsync("ops@example.org", "immediate");
        await LockedAsync("Shop", "gone");
        await LockedAsync("Bank", "gone", "lonely");
        await PostAsync("/api/capabilities/lonely/versions", Sample.Manifest("lonely", "2.0.0"));
        await PostAsync("/api/capabilities/lonely/versions/2.0.0/yank", """{"reason":"r"}""");
        Assert.Equal(204, (await App.SendAsync(HttpMethod.Delete, "/api/capabilities/gone")).Status);
        await TellAsync();
        await Run().RunAsync(TestContext.Current.CancellationToken);
        var text = Assert.Single(Smtp.Received).Message.TextBody;
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
        var mail = Assert.Single(Smtp.Received);
        Assert.Equal(["hooks@example.org"], mail.Recipients);
        Assert.Contains("The webhook 01940000-0000-7000-8000-0000000000aa was switched off", mail.Message.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_told_of_what_happened_before_he_subscribed_or_is_no_news_any_more()
    {
        await LockedAsync("Shop", "a", "b");
        await PostAsync("/api/capabilities/a/versions/1.0.0/yank", """{"reason":"r"}""");
        await SubscribeAsync("ops@example.org", "immediate");
        await TellAsync();
        await PostAsync("/api/capabilities/b/versions/1.0.0/yank", """{"reason":"r"}""");
        Clock.Advance(TimeSpan.FromDays(2));
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
        Settings.Enabled = false;
        await TellAsync();
        Settings.Enabled = true;
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
        using var sweeper = new NotificationSweeper(Database, Options.Create(Settings), Clock, NullLogger<NotificationSweeper>.Instance);
        Assert.Equal(0, await sweeper.SweepAsync(TestContext.Current.CancellationToken));
        Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(1, await sweeper.SweepAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1L, await ScalarAsync("SELECT count(*) FROM notifications"));
        Assert.Equal(204, (await App.SendAsync(HttpMethod.Delete, $"/api/notifications/subscriptions/{(await ListedAsync()).GetProperty("subscription_id").GetString()}")).Status);
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
            ["Smtp:Port"] = $"{Smtp.Port}",
            ["Smtp:Security"] = "None",
        };
        await using var app = await RegistryApp.StartAsync(await _server.CreateDatabaseAsync(), withWorker: true, settings);
        await SubscribeAsync("ops@example.org", "immediate", app: app);
        await LockedAsync("Shop", app, "a");
        await app.PostAsync("/api/capabilities/a/versions/1.0.0/yank", """{"reason":"r"}""");
        while (Smtp.Received.Count == 0)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Equal("[Capability Registry] a 1.0.0 is yanked, and one composition uses it", Smtp.Received[0].Message.Subject);
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
        var connectionString = await _server.CreateDatabaseAsync();
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
}
