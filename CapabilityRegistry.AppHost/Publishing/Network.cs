namespace CapabilityRegistry.AppHost.Publishing;

/// <summary>Who may connect to whom. What no rule names is refused.</summary>
internal static class Network
{
    private const string Component = "app.kubernetes.io/component";

    public static Manifest Rules(string component, params Dictionary<string, object>[] ingress) => new("networking.k8s.io/v1", "NetworkPolicy", $"{component}-network", new()
    {
        ["podSelector"] = Selector(component),
        ["policyTypes"] = new List<string> { "Ingress" },
        ["ingress"] = ingress,
    });

    public static Dictionary<string, object> From(Dictionary<string, object>[] peers, int port) => new()
    {
        ["from"] = peers,
        ["ports"] = new[] { new Dictionary<string, object> { ["protocol"] = "TCP", ["port"] = port } },
    };

    public static Dictionary<string, object>[] OfPods(params string[] components) => [.. components.Select(component => new Dictionary<string, object> { ["podSelector"] = Selector(component) })];

    public static Dictionary<string, object>[] OfNamespace(string name) =>
    [
        new()
        {
            ["namespaceSelector"] = new Dictionary<string, object> { ["matchLabels"] = new Dictionary<string, object> { ["kubernetes.io/metadata.name"] = name } },
        },
    ];

    public static Dictionary<string, object> Selector(string component) => new()
    {
        ["matchLabels"] = new Dictionary<string, object> { [Component] = component, ["app.kubernetes.io/instance"] = "{{ .Release.Name }}" },
    };
}
