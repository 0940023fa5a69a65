using System.Diagnostics.Metrics;
using System.Globalization;
using CapabilityRegistry.Api.Limits;
using CapabilityRegistry.Tests.Testing;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Tests.Api.Limits;

public sealed class RateLimitTests
{
    [Theory]
    [InlineData("/", 200)]
    [InlineData("/nowhere", 404)]
    [InlineData("/bug", 500)]
    public async Task Every_answer_says_where_the_client_stands(string path, int status)
    {
        await using var app = await LimitedApp.StartAsync(perMinute: 60, burst: 3);
        using var response = await app.GetAsync(path);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(("60", "2", Unix(app, 1), "60"), HeadersOf(response));
    }

    [Fact]
    public async Task A_request_over_the_limit_is_refused_with_a_problem_and_allowed_after_retry_after()
    {
        await using var app = await LimitedApp.StartAsync(perMinute: 40, burst: 2);
        Assert.Equal("200 200", await app.StatusesAsync(2));
        using var refused = await app.GetAsync();
        var answer = await Answer.OfAsync(refused);
        Assert.Equal((429, "RATE_LIMIT_ERROR"), (answer.Status, answer.ErrorCode));
        Assert.Equal(("40", "0", Unix(app, 3), "60"), HeadersOf(refused));
        Assert.Equal(TimeSpan.FromSeconds(2), refused.Headers.RetryAfter?.Delta);
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("200 429", await app.StatusesAsync(2));
    }

    [Fact]
    public async Task Retry_after_is_at_least_a_second()
    {
        await using var app = await LimitedApp.StartAsync(perMinute: 100_000, burst: 1);
        Assert.Equal(200, await app.StatusAsync());
        using var refused = await app.GetAsync();
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Clients_tenants_and_addresses_have_buckets_of_their_own()
    {
        await using var app = await LimitedApp.StartAsync(perMinute: 1, burst: 2);
        foreach (var client in (string?[])["acme/one", "acme/two", "other/one", null])
        {
            Assert.Equal("200 200 429", await app.StatusesAsync(3, client));
        }
    }

    [Fact]
    public async Task Exempt_endpoints_take_nothing_and_say_nothing()
    {
        await using var app = await LimitedApp.StartAsync(perMinute: 1, burst: 1);
        Assert.Equal("200 429", await app.StatusesAsync(2));
        using var response = await app.GetAsync("/free");
        Assert.Equal(200, (int)response.StatusCode);
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("X-RateLimit", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Refused_requests_are_counted()
    {
        using var meters = new MeterListener();
        var counted = new List<(long, string?)>();
        await using var app = await LimitedApp.StartAsync(perMinute: 1, burst: 1);
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == RateLimitMetrics.RejectedName && ReferenceEquals(instrument.Meter.Scope, app.Services.GetService(typeof(IMeterFactory))))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((_, value, tags, _) => counted.Add((value, tags[0].Value as string)));
        meters.Start();
        await app.StatusesAsync(2);
        await app.StatusesAsync(3, "acme/one");
        Assert.Equal([(1L, "address"), (1L, "client"), (1L, "client")], counted);
    }

    [Theory]
    [InlineData(0, 20)]
    [InlineData(100, 0)]
    [InlineData(-1, 20)]
    [InlineData(1_000_001, 20)]
    [InlineData(100, 100_001)]
    public async Task Settings_that_make_no_sense_stop_the_start(int perMinute, int burst) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => LimitedApp.StartAsync(perMinute, burst));

    private static string Unix(LimitedApp app, double secondsFromNow) => app.Clock.GetUtcNow().AddSeconds(secondsFromNow).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static (string Limit, string Remaining, string Reset, string Window) HeadersOf(HttpResponseMessage response) =>
        (Header(response, "Limit"), Header(response, "Remaining"), Header(response, "Reset"), Header(response, "Window"));

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues($"X-RateLimit-{name}"));
}
