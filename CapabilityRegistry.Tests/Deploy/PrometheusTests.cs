using YamlDotNet.RepresentationModel;

namespace CapabilityRegistry.Tests.Deploy;

/// <summary>Scrapes and alerts, checked by Prometheus' own tool.</summary>
public sealed class PrometheusTests
{
    private static readonly string Folder = Path.Combine(Tool.Deploy, "prometheus");

    [Theory]
    [InlineData("check", "config", "prometheus.yml")]
    [InlineData("check", "rules", "registry_rules.yml")]
    [InlineData("test", "rules", "registry_rules_test.yml")]
    public async Task Promtool_is_content(string verb, string what, string file)
    {
        var result = await Tool.RunInAsync(Folder, Tool.Require("promtool"), verb, what, file);
        Tool.Succeeded(result);
        Assert.Contains("SUCCESS", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_alert_is_made_to_fire_and_made_not_to()
    {
        var alerts = Rules().Select(rule => Text(rule, "alert")).ToArray();
        Assert.True(alerts.Length >= 11, string.Join(' ', alerts));
        Assert.Superset(new HashSet<string>(["RegistryDown", "HighErrorRate", "HighResponseTime", "DatabaseConnectionIssue"], StringComparer.Ordinal), alerts.ToHashSet(StringComparer.Ordinal));
        var tests = ((YamlSequenceNode)YamlFile.Read(Path.Combine(Folder, "registry_rules_test.yml"))["tests"]).SelectMany(test => (YamlSequenceNode)test["alert_rule_test"]).Cast<YamlMappingNode>().ToArray();
        Assert.All(alerts, alert => Assert.Contains(tests, test => Text(test, "alertname") == alert && test.Children.ContainsKey("exp_alerts")));
        Assert.All(alerts, alert => Assert.Contains(tests, test => Text(test, "alertname") == alert && !test.Children.ContainsKey("exp_alerts")));
    }

    [Fact]
    public void Every_alert_leads_to_a_place_that_says_what_to_do()
    {
        var document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "operations.md"));
        Assert.All(Rules(), rule =>
        {
            Assert.Equal($"docs/operations.md#{Text(rule, "alert").ToLowerInvariant()}", Text(rule["annotations"], "runbook"));
            Assert.Contains($"\n### {Text(rule, "alert")}\n", document, StringComparison.Ordinal);
        });
    }

    private static IEnumerable<YamlNode> Rules() =>
        ((YamlSequenceNode)YamlFile.Read(Path.Combine(Folder, "registry_rules.yml"))["groups"]).SelectMany(group => (YamlSequenceNode)group["rules"]);

    private static string Text(YamlNode node, string key) => ((YamlScalarNode)node[key]).Value!;
}
