using CapabilityRegistry.Data;
using CapabilityRegistry.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace CapabilityRegistry.Tests.ServiceDefaults;

public sealed class ServiceDefaultsTests
{
    [Theory]
    [InlineData("true", "true")]
    [InlineData("true", "false")]
    [InlineData("false", "true")]
    [InlineData("false", "false")]
    public async Task Metrics_and_traces_that_are_switched_off_are_not_collected(string metrics, string tracing)
    {
        await using var app = HostWith(("Telemetry:Metrics", metrics), ("Telemetry:Tracing", tracing), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"));
        Assert.Equal((metrics, tracing), (IsThere<MeterProvider>(app), IsThere<TracerProvider>(app)));
    }

    [Fact]
    public async Task Outgoing_calls_open_a_limited_number_of_connections_to_a_server()
    {
        await using var app = HostWith(("Outgoing:MaxConnectionsPerServer", "7"));
        var handler = app.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("any");
        while (handler is DelegatingHandler { InnerHandler: { } inner })
        {
            handler = inner;
        }

        Assert.Equal(7, Assert.IsType<SocketsHttpHandler>(handler).MaxConnectionsPerServer);
    }

    [Theory]
    [InlineData(true, "redis")]
    [InlineData(false)]
    public async Task Only_a_process_that_has_a_client_of_Redis_looks_at_it(bool isClient, params string[] expected)
    {
        await using var app = HostWith(builder => _ = isClient ? builder.AddRedisCheck() : builder, ("ConnectionStrings:redis", "127.0.0.1:1"));
        Assert.Equal(expected, app.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Select(r => r.Name).Except(["self", "postgresql", "schema"], StringComparer.Ordinal));
    }

    private static string IsThere<T>(WebApplication app) => app.Services.GetService(typeof(T)) is null ? "false" : "true";

    private static WebApplication HostWith(params (string Key, string Value)[] settings) => HostWith(_ => { }, settings);

    private static WebApplication HostWith(Action<WebApplicationBuilder> configure, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Configuration["ConnectionStrings:registry"] = "Host=127.0.0.1";
        builder.AddServiceDefaults();
        builder.AddNpgsqlDataSource(RegistryData.ConnectionName, configureDataSourceBuilder: RegistryData.Configure);
        builder.Services.AddRegistryData();
        builder.EnrichNpgsqlDbContext<RegistryDbContext>(database => database.DisableRetry = true);
        configure(builder);
        return builder.Build();
    }
}
