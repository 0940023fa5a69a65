using Aspire.Hosting.Testing;
using CapabilityRegistry.Tests.Deploy;

namespace CapabilityRegistry.Tests.AppHost;

/// <summary>What <c>aspire publish</c> writes is what lies in <c>deploy/</c>.</summary>
public sealed class PublishTests : IDisposable
{
    private readonly string _output = Directory.CreateTempSubdirectory("registry-publish-").FullName;

    [Theory]
    [InlineData("compose")]
    [InlineData("kubernetes")]
    public async Task What_is_published_is_what_is_committed(string target)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.CapabilityRegistry_AppHost>(
            ["--operation", "publish", "--step", "publish", "--output-path", _output, "--target", target], TestContext.Current.CancellationToken);
        await using (builder)
        {
            await using var app = await builder.BuildAsync(TestContext.Current.CancellationToken);
            await app.RunAsync(TestContext.Current.CancellationToken);
        }

        var published = Read(_output);
        var committed = Read(target == "compose" ? Deployment.Compose : Deployment.Kubernetes);
        // The one has the names of the secrets, the other would have the secrets; and no chart makes its own namespace.
        Assert.Equal(published.Remove(".env", out var names), committed.Remove(".env.example", out var example));
        Assert.Equal(names, example);
        committed.Remove("namespace.yaml");
        Assert.Equal(published.Keys.Order(StringComparer.Ordinal), committed.Keys.Order(StringComparer.Ordinal));
        Assert.All(published, file => Assert.Equal(file.Value, committed[file.Key]));
    }

    public void Dispose() => Directory.Delete(_output, recursive: true);

    private static Dictionary<string, string> Read(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText, StringComparer.Ordinal);
}
