using CapabilityRegistry.Benchmarks.Proxies;
using CapabilityRegistry.Benchmarks.Rolling;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Deploy;

/// <summary>The programs as they are deployed, behind a proxy with its committed configuration, restarted one after the other under load. The benchmark <c>rolling</c> does the same for longer.</summary>
public sealed class RollingRestartTests(DatabaseServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("registry-rolling-").FullName;

    [Fact]
    public async Task Nobody_notices_that_processes_are_restarted_one_after_the_other()
    {
        var nginx = Tool.Require("nginx");
        var database = await server.CreateDatabaseAsync();

        // More than the four seconds for which NGINX keeps an idle connection, and than the five for which it leaves a server alone.
        var plan = new RollingPlan(Restarts: 2, TimeSpan.FromMinutes(1), Clients: 1, TimeSpan.FromMilliseconds(25), DrainSeconds: 6);
        var report = await new RollingScenario(new(database, database, _folder), plan).RunAsync(
            async (first, second) => await Nginx.StartAsync(nginx, first, second), (_, _) => { }, TestContext.Current.CancellationToken);
        Assert.All(report.Findings, finding => Assert.True(finding.Holds, finding.ToString()));
        Assert.Equal(["edit", "poll", "publish", "read", "resolve", "socket"], report.Samples.All.Select(s => s.Kind).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Equal(2, report.Restarts.Count);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
