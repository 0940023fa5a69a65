using YamlDotNet.RepresentationModel;

namespace CapabilityRegistry.Tests.Deploy;

internal static class YamlFile
{
    /// <summary>The only document of a file.</summary>
    public static YamlNode Read(string path)
    {
        var stream = new YamlStream();
        using var reader = File.OpenText(path);
        stream.Load(reader);
        return Assert.Single(stream.Documents).RootNode;
    }
}
