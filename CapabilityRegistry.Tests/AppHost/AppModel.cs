using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace CapabilityRegistry.Tests.AppHost;

/// <summary>The description, with references to values in place of values: asking for these would make secrets and keep them.</summary>
internal sealed class AppModel(IDistributedApplicationTestingBuilder builder) : IAsyncDisposable
{
    public static async Task<AppModel> DescribeAsync(params string[] arguments) =>
        new(await DistributedApplicationTestingBuilder.CreateAsync<Projects.CapabilityRegistry_AppHost>(arguments, TestContext.Current.CancellationToken));

    public IResourceCollection Resources => builder.Resources;

    public string ConnectionString(string name) => Resources.OfType<IResourceWithConnectionString>().FirstOrDefault(resource => resource.Name == name)?.ConnectionStringExpression.ValueExpression ?? "";

    public IEnumerable<(string Name, WaitType Type)> Waits(string name) => Find(name).Annotations.OfType<WaitAnnotation>().Select(wait => (wait.Resource.Name, wait.WaitType));

    public async Task<Dictionary<string, IReadOnlyDictionary<string, string>>> EnvironmentsAsync(params string[] names)
    {
        var found = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            found[name] = (await ConfigureAsync(name)).EnvironmentVariables.ToDictionary(StringComparer.Ordinal);
        }

        return found;
    }

    public async Task<string[]> ArgumentsAsync(string name) => [.. (await ConfigureAsync(name)).Arguments.Select(argument => argument.Value)];

    public ValueTask DisposeAsync() => builder.DisposeAsync();

    public IResource Find(string name) => Assert.Single(Resources, resource => resource.Name == name);

    public IEnumerable<string> Commands(string name) => Find(name).Annotations.OfType<ResourceCommandAnnotation>().Select(command => command.Name);

    public EndpointAnnotation Endpoint(string name, string endpoint) => Assert.Single(Find(name).Annotations.OfType<EndpointAnnotation>(), found => found.Name == endpoint);

    private async Task<IExecutionConfigurationResult> ConfigureAsync(string name) =>
        await ExecutionConfigurationBuilder.Create(Find(name)).WithEnvironmentVariablesConfig().WithArgumentsConfig()
            .BuildAsync(new(DistributedApplicationOperation.Publish), NullLogger.Instance, TestContext.Current.CancellationToken);
}
