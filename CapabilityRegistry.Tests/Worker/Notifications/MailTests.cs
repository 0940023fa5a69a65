using CapabilityRegistry.Tests.Testing;
using CapabilityRegistry.Worker.Notifications;

namespace CapabilityRegistry.Tests.Worker.Notifications;

/// <summary>Mails on their way to a real mail server.</summary>
public sealed class MailTests(DatabaseServer server) : NotificationScenario(server)
{
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
        Clock.Advance(MailQueue.LeaseTime);
        Assert.Equal(1, await Run().RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2, Smtp.Received.Count);
        Assert.Equal(Smtp.Received[0].Message.MessageId, Smtp.Received[1].Message.MessageId);
        Assert.Equal(Smtp.Received[0].Message.TextBody, Smtp.Received[1].Message.TextBody);
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await Run().RunAsync(TestContext.Current.CancellationToken));
        Assert.NotEqual(Smtp.Received[0].Message.MessageId, Smtp.Received[2].Message.MessageId);
        Assert.Contains("b 1.0.0", Smtp.Received[2].Message.TextBody, StringComparison.Ordinal);
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
        Assert.Equal(12, Smtp.Received.SelectMany(r => r.Recipients).Distinct().Count());
        Assert.Equal(12, Smtp.Received.Count);
    }

    [Fact]
    public async Task What_the_server_puts_off_is_tried_again_and_at_last_given_up_where_everybody_can_see_it()
    {
        await SubscribeAsync("ops@example.org", "immediate");
        await LockedAsync("Shop", "a", "b");
        await PostAsync("/api/capabilities/a/versions/1.0.0/yank", """{"reason":"r"}""");
        await TellAsync();
        Smtp.ToRecipient = "451 4.3.0 Come back later";
        Assert.Equal(0, await Run().RunAsync(TestContext.Current.CancellationToken));
        var (_, tried) = (await Run().RunAsync(TestContext.Current.CancellationToken), await ListedAsync());
        Assert.Equal((1, 1), (Smtp.Connections, tried.GetProperty("attempts").GetInt32()));
        Assert.Contains("451: 4.3.0 Come back later", tried.GetProperty("last_error").GetString(), StringComparison.Ordinal);
        for (var attempt = 2; attempt <= Settings.Attempts; attempt++)
        {
            Clock.Advance(TimeSpan.FromMinutes(240));
            await Run().RunAsync(TestContext.Current.CancellationToken);
        }

        var parked = await ListedAsync();
        Assert.Equal((Settings.Attempts, true, false), (Smtp.Connections, parked.TryGetProperty("parked_at", out _), parked.TryGetProperty("due_at", out _)));
        Assert.Contains("451", parked.GetProperty("last_error").GetString(), StringComparison.Ordinal);

        // What comes later goes out, and what was given up does not come back.
        Smtp.ToRecipient = "250 Ok";
        await PostAsync("/api/capabilities/b/versions/1.0.0/yank", """{"reason":"r"}""");
        await TellAsync();
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await Run().RunAsync(TestContext.Current.CancellationToken));
        Assert.Contains("b 1.0.0", Assert.Single(Smtp.Received).Message.Subject, StringComparison.Ordinal);
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
        Smtp.ToRecipient = "550 5.1.1 No such user";
        await Run().RunAsync(TestContext.Current.CancellationToken);
        Clock.Advance(TimeSpan.FromDays(1));
        await Run().RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, Smtp.Connections);
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
        Clock.Advance(TimeSpan.FromMinutes(1));
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
        Assert.Empty(Smtp.Received);
    }
}
