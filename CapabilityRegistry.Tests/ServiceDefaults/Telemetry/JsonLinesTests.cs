using System.Diagnostics;
using System.Text.Json;
using CapabilityRegistry.ServiceDefaults;
using CapabilityRegistry.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CapabilityRegistry.Tests.ServiceDefaults.Telemetry;

/// <summary>Log lines for programs: one JSON object each, with the names that the guide's logs have.</summary>
public sealed class JsonLinesTests
{
    private static readonly FakeTimeProvider Clock = new(new(2026, 11, 26, 12, 34, 56, 789, TimeSpan.Zero));

    [Fact]
    public void An_entry_has_the_guides_members_the_trace_and_what_it_was_told_by_name()
    {
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        var line = Write(LogLevel.Warning, [new("Lines", 3), new("TenantId", "acme"), new("Ok", true), new("{OriginalFormat}", "x")], "Three lines");
        Assert.Equal(
            $$$"""{"asctime":"2026-11-26T12:34:56.789Z","name":"a.b","levelname":"WARNING","message":"Three lines","trace_id":"{{{activity.TraceId}}}","span_id":"{{{activity.SpanId}}}","fields":{"lines":3,"tenant_id":"acme","ok":true}}""",
            line);
    }

    [Fact]
    public void What_somebody_else_wrote_cannot_begin_a_line_of_its_own()
    {
        var line = Write(LogLevel.Error, [], "first\n{\"levelname\":\"CRITICAL\"}\r\u2028\0", new InvalidOperationException("a\nb"));
        Assert.DoesNotContain('\n', line);
        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(("ERROR", "first\n{\"levelname\":\"CRITICAL\"}\r\u2028\0"), (json.GetProperty("levelname").GetString(), json.GetProperty("message").GetString()));
        Assert.Contains("InvalidOperationException: a\nb", json.GetProperty("exc_info").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_inner_scope_is_believed_before_the_outer()
    {
        var scopes = new LoggerExternalScopeProvider();
        using var outer = scopes.Push(new[] { KeyValuePair.Create("RequestId", (object?)"outer"), KeyValuePair.Create("SpanId", (object?)"left") });
        using var inner = scopes.Push(new[] { KeyValuePair.Create("RequestId", (object?)"inner") });
        var json = JsonDocument.Parse(Write(LogLevel.Information, [], "x", scopes: scopes)).RootElement;
        Assert.Equal("""{"request_id":"inner"}""", json.GetProperty("fields").GetRawText());
    }

    [Theory]
    [InlineData("Production", JsonLines.FormatterName)]
    [InlineData("Staging", JsonLines.FormatterName)]
    [InlineData("Development", ConsoleFormatterNames.Simple)]
    public async Task Deployments_write_json_and_developers_read_text(string environment, string formatter)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = environment });
        builder.AddServiceDefaults();
        builder.AddDeploymentDefaults();
        await using var app = builder.Build();
        Assert.Equal(formatter, app.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName);
        Assert.Contains(app.Services.GetServices<ConsoleFormatter>(), f => f.Name == formatter);
    }

    [Theory]
    [InlineData("Production", null, true)]
    [InlineData("Staging", null, true)]
    [InlineData("Development", null, false)]
    [InlineData("Development", "9191", true)]
    public async Task Deployments_open_the_port_of_metrics_and_developers_only_when_they_ask_for_it(string environment, string? port, bool expected)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = environment });
        builder.Configuration["Telemetry:MetricsPort"] = port;
        builder.AddServiceDefaults();
        builder.AddDeploymentDefaults();
        await using var app = builder.Build();
        Assert.Equal(expected, app.Services.GetServices<IHostedService>().OfType<MetricsServer>().Any());
    }

    private static string Write(LogLevel level, KeyValuePair<string, object?>[] state, string message, Exception? exception = null, IExternalScopeProvider? scopes = null)
    {
        using var writer = new StringWriter();
        new JsonLines(Clock).Write(new LogEntry<KeyValuePair<string, object?>[]>(level, "a.b", default, state, exception, (_, _) => message), scopes, writer);
        return writer.ToString().TrimEnd('\n', '\r');
    }
}
