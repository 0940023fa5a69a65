using System.Text;
using CapabilityRegistry.Tests.Testing;
using CapabilityRegistry.Worker.Webhooks;
using Microsoft.AspNetCore.Http;

namespace CapabilityRegistry.Tests.Worker.Webhooks;

/// <summary>What receivers get, whatever they answer.</summary>
public sealed class DeliveryTests(DatabaseServer server) : IAsyncLifetime
{
    private DeliveryBench _bench = null!;

    private WebhookReceiver Receiver => _bench.Receiver;

    public async ValueTask InitializeAsync() => _bench = await DeliveryBench.CreateAsync(server);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_delivery_is_a_signed_post_of_the_bytes_that_were_kept_and_of_nothing_else()
    {
        const string Body = """{"type":"version.published","data":{"name":"Zürich \u20ac"}}""";
        var (webhook, secret) = await _bench.AddWebhookAsync($"{Receiver.Url}/hooks?token=x");
        var delivery = await _bench.AddDeliveryAsync(webhook, Body);
        Assert.Equal(1, await _bench.DeliverAsync());

        var message = await Receiver.NextAsync();
        Assert.Equal(("/hooks", Body, $"msg_{delivery:N}"), (message.Path, Encoding.UTF8.GetString(message.Body), message.Id));
        Assert.Equal($"{_bench.Clock.GetUtcNow().ToUnixTimeSeconds()}", message.Headers["webhook-timestamp"]);
        Assert.True(message.IsSignedWith(secret));
        Assert.Equal(
            ["Content-Length", "Content-Type", "Host", "User-Agent", "webhook-id", "webhook-signature", "webhook-timestamp"],
            message.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
        Assert.Equal("application/json", message.Headers["Content-Type"]);
        Assert.Equal("delivered", await _bench.StateAsync(delivery));
        Assert.Equal((short)200, await _bench.ScalarAsync("SELECT status FROM webhook_attempts WHERE delivery_id = $1 AND number = 1 AND error IS NULL", delivery));
        Assert.Equal(0, await _bench.DeliverAsync());
    }

    [Fact]
    public async Task After_a_rotation_both_secrets_sign_until_the_old_one_ends()
    {
        var (webhook, old) = await _bench.AddWebhookAsync();
        var (kept, renewed) = _bench.Secrets.Create(webhook);
        await _bench.ExecuteAsync("UPDATE webhooks SET previous_secret = secret, previous_secret_expires_at = $2, secret = $3 WHERE webhook_id = $1", webhook, _bench.Clock.GetUtcNow().AddHours(24), kept);
        await _bench.AddDeliveryAsync(webhook);
        await _bench.DeliverAsync();
        var both = await Receiver.NextAsync();
        Assert.Equal(2, both.Headers["webhook-signature"].Split(' ').Length);
        Assert.True(both.IsSignedWith(old) && both.IsSignedWith(renewed));

        _bench.Clock.Advance(TimeSpan.FromHours(24));
        await _bench.AddDeliveryAsync(webhook);
        await _bench.DeliverAsync();
        var one = await Receiver.NextAsync();
        Assert.True(!one.IsSignedWith(old) && one.IsSignedWith(renewed));
    }

    [Fact]
    public async Task A_delivery_that_fails_is_tried_by_the_schedule_under_the_same_id_and_given_up_at_its_end()
    {
        Receiver.AnswerWith(500);
        var (webhook, secret) = await _bench.AddWebhookAsync();
        var delivery = await _bench.AddDeliveryAsync(webhook);
        Assert.Equal(1, await _bench.DeliverAsync());
        foreach (var pause in RetrySchedule.Pauses.Skip(1))
        {
            Assert.Equal("pending", await _bench.StateAsync(delivery));
            _bench.Clock.Advance(pause - TimeSpan.FromMilliseconds(1));
            Assert.Equal(0, await _bench.DeliverAsync());
            _bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(1, await _bench.DeliverAsync());
        }

        Assert.Equal("failed", await _bench.StateAsync(delivery));
        _bench.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await _bench.DeliverAsync());
        var messages = Receiver.TakeAll();
        Assert.Equal(10, messages.Count);
        Assert.Single(messages.Select(m => m.Id).Distinct());
        Assert.Equal(10, messages.Select(m => m.Headers["webhook-timestamp"]).Distinct().Count());
        Assert.All(messages, m => Assert.True(m.IsSignedWith(secret)));
        Assert.Equal(55L, await _bench.ScalarAsync("SELECT sum(number) FROM webhook_attempts WHERE delivery_id = $1 AND status = 500 AND error = 'Answered 500.'", delivery));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(204)]
    [InlineData(299)]
    public async Task Only_2xx_is_a_success(int status)
    {
        Receiver.AnswerWith(status);
        var delivery = await DeliverOneAsync();
        Assert.Equal("delivered", await _bench.StateAsync(delivery));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed_and_no_success(int status)
    {
        Receiver.AnswerWith(status, ("Location", $"{Receiver.Url}/elsewhere"), ("Set-Cookie", "a=b"));
        var delivery = await DeliverOneAsync();
        Assert.Equal("pending", await _bench.StateAsync(delivery));
        Assert.Equal(1, Receiver.Count);
        Assert.Equal($"Answered {status}; redirects are not followed.", await ErrorAsync(delivery));
        _bench.Clock.Advance(TimeSpan.FromSeconds(5));
        await _bench.DeliverAsync();
        Assert.All(Receiver.TakeAll(), m => Assert.False(m.Headers.ContainsKey("Cookie")));
    }

    [Theory]
    [InlineData("60", 60)]
    [InlineData("0", 5)]
    [InlineData("99999999", 86_400)]
    [InlineData("soon", 5)]
    public async Task A_receiver_that_wants_to_be_left_alone_is(string retryAfter, int seconds)
    {
        Receiver.AnswerWith(429, ("Retry-After", retryAfter));
        await DeliverOneAsync();
        _bench.Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await _bench.DeliverAsync());
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await _bench.DeliverAsync());
    }

    [Fact]
    public async Task A_date_in_Retry_After_is_understood_too()
    {
        Receiver.AnswerWith(503, ("Retry-After", _bench.Clock.GetUtcNow().AddMinutes(10).ToString("R")));
        var delivery = await DeliverOneAsync();
        Assert.Equal(_bench.Clock.GetUtcNow().AddMinutes(10).UtcDateTime, await _bench.ScalarAsync("SELECT due_at FROM webhook_deliveries WHERE delivery_id = $1", delivery));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_slow_receiver_is_not_waited_for_longer_than_the_time_limit()
    {
        Receiver.Answer = context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        var (webhook, _) = await _bench.AddWebhookAsync();
        var delivery = await _bench.AddDeliveryAsync(webhook);
        await _bench.Service.StartDueAsync(TestContext.Current.CancellationToken);
        await Receiver.NextAsync();
        _bench.Clock.Advance(TimeSpan.FromSeconds(15));
        await _bench.Service.DrainAsync();
        Assert.Equal(("pending", "No answer in 15 s."), (await _bench.StateAsync(delivery), await ErrorAsync(delivery)));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_success_whose_body_never_ends_is_a_success()
    {
        var hasBegun = new TaskCompletionSource();
        Receiver.Answer = async context =>
        {
            await context.Response.WriteAsync("so far");
            await context.Response.Body.FlushAsync();
            hasBegun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        };
        var (webhook, _) = await _bench.AddWebhookAsync();
        var delivery = await _bench.AddDeliveryAsync(webhook);
        await _bench.Service.StartDueAsync(TestContext.Current.CancellationToken);
        await hasBegun.Task;
        while (await _bench.StateAsync(delivery) == "pending")
        {
            // The headers are on their way; until they are there, time stands still.
            _bench.Clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        await _bench.Service.DrainAsync();
        Assert.Equal("delivered", await _bench.StateAsync(delivery));
    }

    [Fact]
    public async Task Of_a_large_answer_only_the_beginning_is_read_and_kept()
    {
        Receiver.Answer = async context =>
        {
            context.Response.StatusCode = 500;
            for (var i = 0; i < 10_000 && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.WriteAsync(new string('x', 10_000) + "\0");
            }
        };
        var delivery = await DeliverOneAsync();
        Assert.Equal(new string('x', ResponseStart.Bytes), await _bench.ScalarAsync("SELECT response FROM webhook_attempts WHERE delivery_id = $1", delivery));
    }

    [Fact]
    public async Task Characters_that_no_table_and_no_terminal_takes_are_replaced()
    {
        Receiver.Answer = context => context.Response.Body.WriteAsync(new byte[] { 0, 27, 65, 255, 10, 66 }).AsTask();
        var delivery = await DeliverOneAsync();
        Assert.Equal("\uFFFD\uFFFDA\uFFFD\nB", await _bench.ScalarAsync("SELECT response FROM webhook_attempts WHERE delivery_id = $1", delivery));
    }

    [Fact]
    public async Task Nobody_at_the_address_is_a_failure_that_says_nothing_of_our_network()
    {
        var (webhook, _) = await _bench.AddWebhookAsync("https://nobody.example.com/");
        var delivery = await _bench.AddDeliveryAsync(webhook);
        await _bench.DeliverAsync();
        Assert.Equal("The host's name cannot be resolved.", await ErrorAsync(delivery));
    }

    /// <summary>DNS rebinding: public when the webhook is made, inside when it is called.</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("93.184.216.34 127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task A_name_that_leads_inside_by_the_time_of_the_call_is_not_called(string addresses)
    {
        var port = new Uri(Receiver.Url).Port;
        _bench.Hosts.Say("rebound.example.com", addresses.Split(' '));
        var (webhook, _) = await _bench.AddWebhookAsync($"http://rebound.example.com:{port}/");
        var delivery = await _bench.AddDeliveryAsync(webhook);
        await _bench.DeliverAsync();
        Assert.Equal((0, "The host is at an address that is not public."), (Receiver.Count, await ErrorAsync(delivery)));
        Assert.Equal("pending", await _bench.StateAsync(delivery));
    }

    [Fact]
    public async Task An_address_literal_that_is_inside_is_not_called()
    {
        var (webhook, _) = await _bench.AddWebhookAsync(Receiver.Url.Replace("127.0.0.1", "[::ffff:127.0.0.1]", StringComparison.Ordinal));
        var delivery = await _bench.AddDeliveryAsync(webhook);
        await _bench.DeliverAsync();
        Assert.Equal((0, "The host is at an address that is not public."), (Receiver.Count, await ErrorAsync(delivery)));
    }

    [Fact]
    public async Task A_host_of_the_operators_list_is_called_at_the_address_that_was_looked_up()
    {
        await using var bench = await DeliveryBench.CreateAsync(server, new() { AllowedHosts = ["hooks.corp.example"] });
        bench.Hosts.Say("hooks.corp.example", "127.0.0.1");
        var (webhook, secret) = await bench.AddWebhookAsync($"http://hooks.corp.example:{new Uri(bench.Receiver.Url).Port}/");
        await bench.AddDeliveryAsync(webhook);
        await bench.DeliverAsync();
        var message = await bench.Receiver.NextAsync();
        Assert.StartsWith("hooks.corp.example:", message.Headers["Host"], StringComparison.Ordinal);
        Assert.True(message.IsSignedWith(secret));
    }

    private async Task<Guid> DeliverOneAsync()
    {
        var (webhook, _) = await _bench.AddWebhookAsync();
        var delivery = await _bench.AddDeliveryAsync(webhook);
        await _bench.DeliverAsync();
        return delivery;
    }

    private async Task<string?> ErrorAsync(Guid delivery) => (string?)await _bench.ScalarAsync("SELECT error FROM webhook_attempts WHERE delivery_id = $1 AND number = 1", delivery);
}
