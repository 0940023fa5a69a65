using YamlDotNet.RepresentationModel;

namespace CapabilityRegistry.Tests.Deploy;

/// <summary>A place in a YAML document. What is not there is empty, and so is everything in it.</summary>
internal readonly struct Yaml(YamlNode? node)
{
    public static Yaml Parse(string text)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(text);
        stream.Load(reader);
        return new(Assert.Single(stream.Documents).RootNode);
    }

    public bool Exists => node is not null;

    public string? Text => (node as YamlScalarNode)?.Value;

    public IEnumerable<Yaml> Items => node is YamlSequenceNode sequence ? sequence.Children.Select(child => new Yaml(child)) : [];

    public IReadOnlyList<string> Texts => [.. Items.Select(item => item.Text!)];

    public IReadOnlyDictionary<string, Yaml> Fields => node is YamlMappingNode mapping
        ? mapping.Children.ToDictionary(child => ((YamlScalarNode)child.Key).Value!, child => new Yaml(child.Value), StringComparer.Ordinal)
        : new Dictionary<string, Yaml>(StringComparer.Ordinal);

    public Yaml this[string name] => Fields.TryGetValue(name, out var field) ? field : default;
}
