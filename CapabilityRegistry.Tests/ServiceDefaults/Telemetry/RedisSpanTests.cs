using System.Collections.Concurrent;
using System.Diagnostics;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.ServiceDefaults.Telemetry;

public sealed class RedisSpanTests(DatabaseServer server, RedisServer redis) : IClassFixture<RedisServer>
{
    private const string Source = "OpenTelemetry.Instrumentation.StackExchangeRedis";
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task A_command_to_redis_is_a_span_of_the_request_that_sent_it()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, RedisServer.Missing);
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == Source, Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded, ActivityStopped = spans.Enqueue };
        ActivitySource.AddActivityListener(listener);
        // Spans are made only when they are sent somewhere. Nobody listens there, which does no harm.
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:redis"] = redis.ConnectionString,
            ["RateLimit:Enabled"] = "true",
            ["Telemetry:TracesEndpoint"] = "http://127.0.0.1:9",
        };
        await using var app = await RegistryApp.StartAsync(await server.CreateDatabaseAsync(), settings: settings, configure: builder => Microsoft.Extensions.Hosting.AspireRedisExtensions.AddRedisClient(builder, "redis"));

        // Requests that come before the connection is there do without Redis.
        for (var look = 0; !spans.Any(IsExpected); look++)
        {
            Assert.True(look < 600, "No span tells of the command.");
            await app.SendAsync(HttpMethod.Get, "/api/capabilities", headers: ("traceparent", $"00-{Trace}-00f067aa0ba902b7-01"));
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Equal(ActivityKind.Client, spans.First(IsExpected).Kind);

        static bool IsExpected(Activity span) => span.TraceId.ToHexString() == Trace && span.DisplayName.StartsWith("EVAL", StringComparison.Ordinal);
    }
}
