using System.Globalization;

namespace CapabilityRegistry.AppHost;

/// <summary>What <c>aspire publish</c> writes.</summary>
internal enum Target
{
    /// <summary>Nothing: the AppHost runs, or another tool reads its manifest (azd).</summary>
    None,
    Compose,
    Kubernetes,
}

/// <summary>What the AppHost's arguments choose.</summary>
/// <param name="UsesContainers">Whether the stores are containers: <c>--engine containers|executables|auto</c>.</param>
/// <param name="Target"><c>--target compose|kubernetes</c>. One at a time: a resource of one cannot reach a TCP endpoint of another.</param>
/// <param name="Replicas">How many processes of the API: <c>--replicas N</c>.</param>
/// <param name="Monitoring">Whether Prometheus and Grafana are there: <c>--monitoring true</c>.</param>
/// <param name="Elasticsearch">Whether Elasticsearch is, where it can be: <c>--elasticsearch false</c>.</param>
internal sealed record Settings(bool UsesContainers, Target Target, int Replicas, bool Monitoring, bool Elasticsearch)
{
    /// <summary>The guide's number of API processes in production.</summary>
    private const int PublishedReplicas = 3;

    public static Settings Read(IDistributedApplicationBuilder builder)
    {
        var target = ReadTarget(builder);
        return new(
            Engine.UsesContainers(builder),
            target,
            ReadReplicas(builder, builder.ExecutionContext.IsPublishMode ? PublishedReplicas : 1),
            ReadFlag(builder, "monitoring", target is Target.Compose),
            // A cluster has its search engine elsewhere, if any: the chart takes its address.
            ReadFlag(builder, "elasticsearch", target is not Target.Kubernetes));
    }

    private static Target ReadTarget(IDistributedApplicationBuilder builder) => builder.Configuration["target"] switch
    {
        _ when !builder.ExecutionContext.IsPublishMode => Target.None,
        null when builder.Configuration["Publishing:Publisher"] is "manifest" => Target.None,
        null or "compose" => Target.Compose,
        "kubernetes" => Target.Kubernetes,
        var other => throw new InvalidOperationException($"--target is compose or kubernetes, not '{other}'."),
    };

    private static int ReadReplicas(IDistributedApplicationBuilder builder, int otherwise) => builder.Configuration["replicas"] switch
    {
        null => otherwise,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => number,
        var text => throw new InvalidOperationException($"--replicas is a number from 1 upwards, not '{text}'."),
    };

    private static bool ReadFlag(IDistributedApplicationBuilder builder, string name, bool otherwise) => builder.Configuration[name] switch
    {
        null => otherwise,
        var text when bool.TryParse(text, out var value) => value,
        var text => throw new InvalidOperationException($"--{name} is true or false, not '{text}'."),
    };
}
