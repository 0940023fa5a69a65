using System.Text.RegularExpressions;
using k8s;

namespace CapabilityRegistry.Tests.Deploy;

/// <summary>The committed Helm chart, rendered as far as it needs to be: its templates only put values in.</summary>
internal static partial class Chart
{
    public const string Release = "registry";

    private static readonly Yaml Values = Yaml.Parse(Deployment.Read(Deployment.Kubernetes, "values.yaml"));

    /// <summary>Everything that the chart makes of its own values, read by the Kubernetes client, which refuses what Kubernetes does not know.</summary>
    public static IReadOnlyList<object> Objects { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Deployment.Kubernetes, "templates"), "*.yaml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .SelectMany(file => KubernetesYaml.LoadAllFromString(Render(File.ReadAllText(file)), strict: true)),
    ];

    public static T Find<T>(string name)
        where T : IKubernetesObject<k8s.Models.V1ObjectMeta> => Assert.Single(Objects.OfType<T>(), found => found.Metadata.Name == name);

    public static string Render(string template)
    {
        var text = Placeholder().Replace(template, match => Resolve(match.Groups["path"].Value, match.Groups["otherwise"]));
        Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
        return text;
    }

    /// <summary>The value of a placeholder. One that <c>values.yaml</c> does not list would be rendered as nothing, without a word.</summary>
    private static string Resolve(string path, Group otherwise)
    {
        switch (path)
        {
            case ".Chart.Name":
                return "capability-registry";
            case ".Release.Name":
                return Release;
            case ".Release.Revision":
                return "1";
            default:
                var value = path.Split('.')[2..].Aggregate(Values, (place, name) => place[name]);
                Assert.True(value.Exists || otherwise.Success, $"values.yaml has no {path}.");
                return value.Exists ? value.Text! : otherwise.Value;
        }
    }

    [GeneratedRegex(@"\{\{ (?<path>(\.\w+)+)( \| default `(?<otherwise>[^`]*)`)? \}\}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();
}
