using Aspire.Hosting.Kubernetes.Resources;

namespace CapabilityRegistry.AppHost.Publishing;

/// <summary>A part of the chart that the publisher has no type for; its fields have Kubernetes' own names.</summary>
internal sealed class Manifest : BaseKubernetesResource
{
    public Manifest(string apiVersion, string kind, string name, Dictionary<string, object> spec)
        : base(apiVersion, kind)
    {
        Metadata.Name = name;
        Spec = spec;
    }

    public Dictionary<string, object> Spec { get; }
}
