using Aspire.Hosting.Kubernetes.Resources;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace CapabilityRegistry.AppHost.Publishing;

/// <summary>The migrations, which end. What Kubernetes has once made of a job cannot be changed, so every revision of the release makes one of its own.</summary>
internal sealed class MigrationJob : Workload, IYamlConvertible
{
    private const int Retries = 10;

    public MigrationJob(PodTemplateSpecV1 template)
        : base("batch/v1", "Job")
    {
        PodTemplate = template;
        template.Spec.RestartPolicy = "Never";
    }

    public override PodTemplateSpecV1 PodTemplate { get; }

    void IYamlConvertible.Read(IParser parser, Type expectedType, ObjectDeserializer nestedObjectDeserializer) => throw new NotSupportedException();

    /// <summary>By hand, for the name's sake: the publisher makes the file's name of it as well.</summary>
    void IYamlConvertible.Write(IEmitter emitter, ObjectSerializer nestedObjectSerializer)
    {
        emitter.Emit(new MappingStart());
        nestedObjectSerializer("apiVersion");
        nestedObjectSerializer(ApiVersion!);
        nestedObjectSerializer("kind");
        nestedObjectSerializer(Kind!);
        nestedObjectSerializer("metadata");
        nestedObjectSerializer(new ObjectMetaV1 { Name = $"{Metadata.Name}-{{{{ .Release.Revision }}}}", Labels = Metadata.Labels });
        nestedObjectSerializer("spec");
        nestedObjectSerializer(new Dictionary<string, object> { ["backoffLimit"] = Retries, ["template"] = PodTemplate });
        emitter.Emit(new MappingEnd());
    }
}
