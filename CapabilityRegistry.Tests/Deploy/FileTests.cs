using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace CapabilityRegistry.Tests.Deploy;

/// <summary>Files of <c>deploy/</c> for which there is no program here that would check them: that they can be read, and what must not be in any.</summary>
public sealed partial class FileTests
{
    private static IEnumerable<string> Files(params string[] extensions) => Directory.EnumerateFiles(Tool.Deploy, "*", SearchOption.AllDirectories).Where(file => extensions.Contains(Path.GetExtension(file)));

    [Fact]
    public void Every_yaml_file_can_be_read()
    {
        var files = Files(".yml", ".yaml").ToArray();
        Assert.True(files.Length >= 6, string.Join('\n', files));
        Assert.All(files, file => new YamlStream().Load(File.OpenText(file)));
    }

    [Fact]
    public void Every_json_file_can_be_read()
    {
        var files = Files(".json").ToArray();
        Assert.NotEmpty(files);
        Assert.All(files, file => JsonDocument.Parse(File.ReadAllText(file)).Dispose());
    }

    [Fact]
    public void The_collector_sends_on_only_what_it_declares()
    {
        var root = YamlFile.Read(Path.Combine(Tool.Deploy, "otel-collector", "config.yaml"));
        foreach (var pipeline in ((YamlMappingNode)root["service"]["pipelines"]).Children.Values)
        {
            foreach (var kind in (string[])["receivers", "processors", "exporters"])
            {
                var declared = ((YamlMappingNode)root[kind]).Children.Keys.ToHashSet();
                Assert.All((YamlSequenceNode)pipeline[kind], name => Assert.Contains(name, declared));
            }
        }
    }

    [Fact]
    public void The_dashboards_source_is_the_provisioned_one()
    {
        var source = ((YamlSequenceNode)YamlFile.Read(Path.Combine(Tool.Deploy, "grafana", "datasources", "prometheus.yml"))["datasources"])[0];
        var dashboard = File.ReadAllText(Path.Combine(Tool.Deploy, "grafana", "dashboards", "registry.json"));
        var used = Uids().Matches(dashboard).Select(m => m.Groups["uid"].Value).Distinct().ToArray();
        Assert.Equal([((YamlScalarNode)source["uid"]).Value!], used);
    }

    [Theory]
    [InlineData("deploy.sh")]
    [InlineData("health_check")]
    [InlineData("backup")]
    [InlineData("restore")]
    [InlineData("common.sh")]
    public async Task A_script_is_clean(string script) => Tool.Succeeded(await Tool.RunAsync(Tool.Require("shellcheck"), "--external-sources", script));

    [Theory]
    [InlineData("backup", "--keep-days", "soon")]
    [InlineData("backup", "--label", "../daily")]
    [InlineData("backup", "--database", "a b")]
    [InlineData("backup", "--upload", "nowhere")]
    [InlineData("backup", "--encrypt-to", "nobody")]
    [InlineData("backup", "everything")]
    [InlineData("restore")]
    [InlineData("restore", "one", "two")]
    [InlineData("restore", "--jobs", "0", "one")]
    [InlineData("restore", "--identity")]
    public async Task A_backup_and_a_restore_that_cannot_be_meant_are_refused(string script, params string[] arguments)
    {
        Assert.Equal(2, (await Tool.RunScriptAsync(script, new Dictionary<string, string>(StringComparer.Ordinal), arguments)).ExitCode);
        Tool.Succeeded(await Tool.RunScriptAsync(script, new Dictionary<string, string>(StringComparer.Ordinal), "--help"));
    }

    [Theory]
    [InlineData("compose", "docker compose --file", "run --rm migrations", "up --detach --no-deps --wait --wait-timeout 300 worker", "--wait-timeout 300 app1", "--wait-timeout 300 app2", "--wait-timeout 300 app3", "--wait-timeout 300 --remove-orphans nginx prometheus grafana", "check-health")]
    [InlineData("kubernetes", "kubectl apply --filename - (namespace apg-registry)", "helm upgrade capability-registry --namespace apg-registry", "--install --atomic --wait --wait-for-jobs --timeout 300s --values my.yaml", "health_check --url")]
    public async Task A_rehearsal_of_the_deployment_says_its_steps_in_order_and_does_none(string target, params string[] steps)
    {
        var result = await Tool.RunAsync(Tool.Require("bash"), "deploy.sh", "staging", "--target", target, "--tag", "1.2.3", "--dry-run", "--registry", "images.example/team", "--values", "my.yaml");
        Tool.Succeeded(result);
        string[] all = ["-t:PublishContainer -p:ContainerRegistry=images.example -p:ContainerRepository=team/capability-registry-api -p:ContainerImageTag=1.2.3", .. steps, "is deployed"];
        var at = all.Select(step => result.Output.IndexOf(step, StringComparison.Ordinal)).ToArray();
        Assert.DoesNotContain(-1, at);
        Assert.Equal(at.Order(), at);
    }

    [Theory]
    [InlineData("--target", "nowhere")]
    [InlineData("--tgt")]
    [InlineData("--timeout", "soon", "--dry-run")]
    [InlineData("--tag")]
    [InlineData("--target", "kubernetes", "--registry", "images.example")]
    public async Task A_deployment_that_cannot_be_meant_is_refused(params string[] arguments) =>
        Assert.Equal(2, (await Tool.RunAsync(Tool.Require("bash"), ["deploy.sh", "--skip-build", .. arguments])).ExitCode);

    [GeneratedRegex("\"type\": \"prometheus\",\\s*\"uid\": \"(?<uid>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Uids();
}
