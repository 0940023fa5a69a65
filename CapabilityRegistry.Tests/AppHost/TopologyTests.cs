using Aspire.Hosting.ApplicationModel;

namespace CapabilityRegistry.Tests.AppHost;

/// <summary>Who is there, who waits for whom, and what the AppHost's arguments change.</summary>
public sealed class TopologyTests
{
    [Theory]
    [InlineData("containers", "admin-secret api database-password elasticsearch elasticsearch-password elasticsearch-server migrations owner-password postgres redis redis-password registry registry-owner reindex signing-key worker")]
    [InlineData("containers --elasticsearch false", "admin-secret api database-password migrations owner-password postgres redis redis-password registry registry-owner reindex signing-key worker")]
    [InlineData("containers --monitoring true", "admin-secret api database-password elasticsearch elasticsearch-password elasticsearch-server grafana grafana-password migrations owner-password postgres prometheus redis redis-password registry registry-owner reindex signing-key worker")]
    public async Task The_arguments_choose_the_resources(string arguments, string expected)
    {
        await using var model = await AppModel.DescribeAsync(["--engine", .. arguments.Split(' ')]);
        // Aspire's own dashboard and the rebuilders of projects are not ours.
        var ours = model.Resources.Select(resource => resource.Name).Where(name => !name.StartsWith("aspire-", StringComparison.Ordinal) && !name.EndsWith("-rebuilder", StringComparison.Ordinal));
        Assert.Equal(expected, string.Join(' ', ours.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("compose", "api elasticsearch-server grafana migrations nginx postgres prometheus redis worker")]
    [InlineData("kubernetes", "api migrations postgres redis worker")]
    public async Task The_target_chooses_what_is_deployed(string target, string expected)
    {
        await using var model = await AppModel.DescribeAsync("--operation", "publish", "--target", target);
        Assert.Equal(expected, string.Join(' ', model.Resources.OfType<IComputeResource>().Select(resource => resource.Name).Order(StringComparer.Ordinal)));
        Assert.Equal([target], model.Resources.OfType<IComputeEnvironmentResource>().Select(environment => environment.Name));
    }

    [Fact]
    public async Task The_manifest_for_azd_has_no_target()
    {
        await using var model = await AppModel.DescribeAsync("--operation", "publish", "--publisher", "manifest");
        Assert.Empty(model.Resources.OfType<IComputeEnvironmentResource>());
    }

    [Theory]
    [InlineData("--target", "swarm")]
    [InlineData("--replicas", "0")]
    [InlineData("--replicas", "many")]
    [InlineData("--monitoring", "perhaps")]
    [InlineData("--engine", "steam")]
    public async Task An_argument_that_means_nothing_is_refused(string name, string value)
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => AppModel.DescribeAsync("--operation", "publish", name, value));
        Assert.Contains($"{name} is ", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api", "migrations:WaitForCompletion redis:WaitUntilHealthy elasticsearch-server:WaitUntilHealthy")]
    [InlineData("worker", "migrations:WaitForCompletion elasticsearch-server:WaitUntilHealthy")]
    [InlineData("reindex", "migrations:WaitForCompletion elasticsearch-server:WaitUntilHealthy")]
    [InlineData("migrations", "postgres:WaitUntilHealthy")]
    [InlineData("prometheus", "api:WaitUntilHealthy")]
    [InlineData("grafana", "prometheus:WaitUntilHealthy")]
    public async Task A_resource_waits_for_what_it_needs(string name, string expected)
    {
        await using var model = await AppModel.DescribeAsync("--engine", "containers", "--monitoring", "true");
        Assert.Subset(model.Waits(name).Select(wait => $"{wait.Name}:{wait.Type}").ToHashSet(StringComparer.Ordinal), expected.Split(' ').ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_API_answers_outside_on_port_8000_and_measures_on_9090()
    {
        await using var model = await AppModel.DescribeAsync("--engine", "executables", "--replicas", "2");
        Assert.Equal((8000, null, true), Of(model.Endpoint("api", "http")));
        Assert.Equal((9090, null, false), Of(model.Endpoint("api", "metrics")));
        Assert.Equal((null, null, false), Of(model.Endpoint("worker", "http")));
        Assert.Equal((null, null, false), Of(model.Endpoint("worker", "metrics")));
        Assert.All(await model.EnvironmentsAsync("api", "worker"), process => Assert.Contains("METRICS_PORT", process.Value.Keys));
        Assert.Equal(2, Assert.Single(model.Find("api").Annotations.OfType<ReplicaAnnotation>()).Replicas);
    }

    [Fact]
    public async Task Published_the_ports_are_those_of_the_images()
    {
        await using var model = await AppModel.DescribeAsync("--operation", "publish");
        Assert.Equal((80, 8000, true), Of(model.Endpoint("api", "http")));
        Assert.Equal((9090, 9090, false), Of(model.Endpoint("api", "metrics")));
        Assert.Equal(8080, model.Endpoint("worker", "http").TargetPort);
        Assert.Equal(3, Assert.Single(model.Find("api").Annotations.OfType<ReplicaAnnotation>()).Replicas);
    }

    [Fact]
    public async Task Published_processes_have_the_guides_settings()
    {
        await using var model = await AppModel.DescribeAsync("--operation", "publish");
        Assert.All(await model.EnvironmentsAsync("migrations", "api", "worker"), process => Assert.Equal(
            ("production", "INFO", "true", "true", "20", "20"),
            (process.Value["ENVIRONMENT"], process.Value["LOG_LEVEL"], process.Value["ENABLE_METRICS"], process.Value["ENABLE_TRACING"], process.Value["DATABASE_POOL_SIZE"], process.Value["REDIS_POOL_SIZE"])));
    }

    [Fact]
    public async Task Processes_are_told_of_the_stores_by_connection_strings_alone()
    {
        await using var model = await AppModel.DescribeAsync("--engine", "containers");
        Assert.All(await model.EnvironmentsAsync("api", "worker", "reindex"), process =>
        {
            Assert.Equal("{registry.connectionString}", process.Value["ConnectionStrings__registry"]);
            Assert.Equal(process.Key == "api" ? "{redis.connectionString}" : null, process.Value.GetValueOrDefault("ConnectionStrings__redis"));
            Assert.Equal("{elasticsearch.connectionString}", process.Value["ConnectionStrings__elasticsearch"]);
            Assert.DoesNotContain(process.Value.Keys, key => key.StartsWith("REDIS_P", StringComparison.Ordinal) && key != "REDIS_POOL_SIZE");
        });
    }

    [Fact]
    public async Task The_dashboard_has_a_command_for_each_errand()
    {
        await using var model = await AppModel.DescribeAsync("--engine", "executables");
        Assert.Superset(new HashSet<string> { "access-token", "seed-sample-data", "open-docs" }, model.Commands("api").ToHashSet(StringComparer.Ordinal));
        Assert.Contains("rebuild-search-index", model.Commands("worker"));
    }

    [Fact]
    public async Task The_search_index_is_rebuilt_only_when_it_is_asked_for()
    {
        await using var model = await AppModel.DescribeAsync("--engine", "executables");
        Assert.Single(model.Find("reindex").Annotations.OfType<ExplicitStartupAnnotation>());
        Assert.Equal(["reindex"], await model.ArgumentsAsync("reindex"));
        Assert.Equal(["migrate"], await model.ArgumentsAsync("migrations"));
    }

    [Theory]
    [InlineData("--engine containers", "shared_buffers=1024MB")]
    [InlineData("--operation publish --target compose", "shared_buffers=4096MB")]
    [InlineData("--operation publish --target kubernetes", "shared_buffers=1024MB")]
    public async Task PostgreSQL_is_tuned_for_the_memory_that_it_has(string arguments, string expected)
    {
        await using var model = await AppModel.DescribeAsync(arguments.Split(' '));
        var settings = await model.ArgumentsAsync("postgres");
        Assert.Contains("max_connections=200", settings);
        Assert.Contains(expected, settings);
        Assert.Contains(model.Find("postgres").Annotations.OfType<ContainerMountAnnotation>(), mount => mount is { Type: ContainerMountType.Volume, Source: "capability-registry-postgres" });
    }

    private static (int? Port, int? TargetPort, bool IsExternal) Of(EndpointAnnotation endpoint) => (endpoint.Port, endpoint.TargetPort, endpoint.IsExternal);
}
