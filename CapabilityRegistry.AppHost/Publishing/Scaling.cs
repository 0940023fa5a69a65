namespace CapabilityRegistry.AppHost.Publishing;

/// <summary>How many processes of the API there are, and how many stay when nodes are emptied.</summary>
internal static class Scaling
{
    public static Manifest OfApi(string deployment) => new("autoscaling/v2", "HorizontalPodAutoscaler", "api-hpa", new()
    {
        ["scaleTargetRef"] = new Dictionary<string, object> { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = deployment },
        ["minReplicas"] = 3,
        ["maxReplicas"] = 10,
        ["metrics"] = new[] { Utilization("cpu", 70), Utilization("memory", 80) },
        ["behavior"] = new Dictionary<string, object>
        {
            ["scaleDown"] = new Dictionary<string, object> { ["stabilizationWindowSeconds"] = 300, ["policies"] = new[] { Policy("Percent", 10) } },
            ["scaleUp"] = new Dictionary<string, object>
            {
                ["stabilizationWindowSeconds"] = 60,
                ["policies"] = new[] { Policy("Percent", 50), Policy("Pods", 2) },
                ["selectPolicy"] = "Max",
            },
        },
    });

    public static Manifest Disruption(string component) => new("policy/v1", "PodDisruptionBudget", $"{component}-pdb", new()
    {
        ["minAvailable"] = 2,
        ["selector"] = Network.Selector(component),
    });

    private static Dictionary<string, object> Utilization(string resource, int percent) => new()
    {
        ["type"] = "Resource",
        ["resource"] = new Dictionary<string, object> { ["name"] = resource, ["target"] = new Dictionary<string, object> { ["type"] = "Utilization", ["averageUtilization"] = percent } },
    };

    private static Dictionary<string, object> Policy(string type, int value) => new() { ["type"] = type, ["value"] = value, ["periodSeconds"] = 60 };
}
