using System.Text.Json;
using System.Text.RegularExpressions;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.ServiceDefaults.Telemetry;
using CapabilityRegistry.Standalone.Postgres;
using CapabilityRegistry.Tests.ServiceDefaults.Telemetry;
using CapabilityRegistry.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using YamlDotNet.RepresentationModel;

namespace CapabilityRegistry.Tests.Deploy;

/// <summary>Alerts and dashboards ask for what is really there: every name and every label in them is compared with what a running registry answers at <c>/metrics</c>.</summary>
[Collection(OneHost.Name)]
public sealed partial class MetricNameTests(DatabaseServer server)
{
    /// <summary>What is exported once something was delivered, which does not happen in this test.</summary>
    private static readonly string[] OfDeliveries = ["registry_webhooks_attempts_total"];

    /// <summary>What <c>deploy/backup</c> writes for the node exporter; <see cref="Backup.BackupTests"/> looks at it.</summary>
    private static readonly string[] OfBackups = ["registry_backup_last_success_timestamp_seconds"];

    /// <summary>What Prometheus itself makes.</summary>
    private static readonly string[] OfPrometheus = ["up"];

    private static readonly string[] LabelsOfPrometheus = ["job", "instance", "le"];

    private static readonly string[] Words = ["and", "or", "unless", "by", "without", "on", "ignoring", "group_left", "group_right", "bool", "offset"];

    [Fact]
    public async Task Every_metric_and_label_that_is_asked_for_is_exported()
    {
        var (names, labels) = await ScrapeAsync();
        var asked = Expressions().ToArray();
        Assert.True(asked.Length >= 35, $"{asked.Length} expressions");
        foreach (var (where, expression) in asked)
        {
            var metrics = MetricsOf(expression);
            Assert.NotEmpty(metrics);
            Assert.All(metrics.Except([.. OfDeliveries, .. OfBackups, .. OfPrometheus]), metric => Assert.True(names.Contains(metric), $"{where}: {metric} is not exported."));
            if (!metrics.Intersect([.. OfDeliveries, .. OfBackups]).Any())
            {
                Assert.All(LabelsOf(expression).Except(LabelsOfPrometheus), label => Assert.True(labels.Contains(label), $"{where}: no metric has the label {label}."));
            }
        }

        Assert.All(OfDeliveries, name => Assert.False(names.Contains(name), $"{name} is exported now: take it out of {nameof(OfDeliveries)}."));
        Assert.All(OfBackups, name => Assert.False(names.Contains(name), $"{name} is exported by the registry too."));
    }

    /// <summary>A registry in which everything that is told has happened once.</summary>
    private async Task<(HashSet<string> Names, HashSet<string> Labels)> ScrapeAsync()
    {
        await using var redis = new RedisServer();
        await redis.InitializeAsync();
        var port = LoopbackPort.PickFree();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Telemetry:MetricsPort"] = $"{port}",
            ["RateLimit:Enabled"] = "true",
            ["RateLimit:RequestsPerMinute"] = "1",
            ["RateLimit:Burst"] = "4",
            ["ConnectionStrings:redis"] = RedisServer.IsInstalled ? redis.ConnectionString : null,
        };
        var connectionString = await server.CreateDatabaseAsync();
        await using (var before = await RegistryApp.StartAsync(connectionString))
        {
            await new EventConsumers(before.Services.GetRequiredService<SystemDatabase>(), TimeProvider.System, "tests").EnsureAsync(Quiet.ConsumerName, TestContext.Current.CancellationToken);
        }

        await using var app = await RegistryApp.StartAsync(connectionString, withWorker: true, settings, builder =>
        {
            builder.AddMetricsEndpoint(unlessSet: null);
            builder.Services.AddSingleton<IEventConsumer, Quiet>();
            if (RedisServer.IsInstalled)
            {
                Microsoft.Extensions.Hosting.AspireRedisExtensions.AddRedisClient(builder, "redis");
            }
        });
        await app.ImportAsync(Sample.Manifest("measured"));
        Assert.Equal(200, (await app.PostAsync("/api/dependencies/resolve", Sample.Resolve("measured"))).Status);
        int[] statuses = [(await app.GetAsync("/api/capabilities/never")).Status, (await app.GetAsync("/api/capabilities")).Status, (await app.GetAsync("/api/capabilities")).Status, (await app.GetAsync("/api/capabilities")).Status];
        Assert.Equal((404, 429), (statuses[0], statuses[^1]));
        return await ReadAsync(port);
    }

    /// <summary>What is told in intervals is waited for.</summary>
    private static async Task<(HashSet<string> Names, HashSet<string> Labels)> ReadAsync(int port)
    {
        using var handler = new SocketsHttpHandler();
        using var http = new HttpClient(handler);
        while (true)
        {
            var text = await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), TestContext.Current.CancellationToken);
            var samples = text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToArray();
            var names = samples.Select(line => line.Split('{', ' ')[0]).ToHashSet(StringComparer.Ordinal);
            if (names.Contains("registry_relay_lag") && samples.Any(s => s.StartsWith("registry_health_up{check=\"schema\"}", StringComparison.Ordinal)))
            {
                return (names, samples.SelectMany(line => Labels().Matches(line)).Select(m => m.Groups["label"].Value).ToHashSet(StringComparer.Ordinal));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static IEnumerable<(string Where, string Expression)> Expressions()
    {
        var rules = YamlFile.Read(Path.Combine(Tool.Deploy, "prometheus", "registry_rules.yml"));
        foreach (var rule in ((YamlSequenceNode)rules["groups"]).SelectMany(group => (YamlSequenceNode)group["rules"]))
        {
            yield return (((YamlScalarNode)rule["alert"]).Value!, ((YamlScalarNode)rule["expr"]).Value!);
        }

        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Tool.Deploy, "grafana", "dashboards", "registry.json")));
        foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray().Where(p => p.TryGetProperty("targets", out _)))
        {
            foreach (var target in panel.GetProperty("targets").EnumerateArray())
            {
                yield return (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!);
            }
        }
    }

    private static string[] MetricsOf(string expression)
    {
        var bare = Groupings().Replace(Matchers().Replace(Strings().Replace(expression, ""), ""), " ");
        return [.. Identifiers().Matches(bare).Select(m => m.Value).Except(Words).Distinct()];
    }

    private static IEnumerable<string> LabelsOf(string expression)
    {
        var bare = Strings().Replace(expression, "\"\"");
        var matched = Matchers().Matches(bare).SelectMany(m => Labels().Matches(m.Value)).Select(m => m.Groups["label"].Value);
        var grouped = Groupings().Matches(bare).SelectMany(m => m.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return matched.Concat(grouped).Distinct();
    }

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Strings();

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Matchers();

    [GeneratedRegex(@"\b(by|without|on|ignoring)\s*\((?<labels>[^)]*)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Groupings();

    [GeneratedRegex("(?<label>[a-zA-Z_][a-zA-Z0-9_]*)(=~|!~|!=|=)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Labels();

    /// <summary>Names that are not functions, which have a parenthesis behind them, and not durations, which have a digit in front.</summary>
    [GeneratedRegex(@"(?<![a-zA-Z0-9_:])[a-zA-Z_:][a-zA-Z0-9_:]*(?![a-zA-Z0-9_:]*\s*\()", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Identifiers();

    private sealed class Quiet : IEventConsumer
    {
        public const string ConsumerName = "metric-names";

        public string Name => ConsumerName;

        public int BatchSize => 100;

        public Task HandleAsync(IReadOnlyList<SequencedEvent> batch, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
