using CapabilityRegistry.Standalone.Postgres;

namespace CapabilityRegistry.Tests.Deploy;

/// <summary>What <c>deploy.sh</c> has Helm do, by programs in the place of <c>helm</c> and <c>kubectl</c> that write down how they are called. The real ones need a cluster.</summary>
public sealed class DeployToKubernetesTests : IDisposable
{
    private readonly StandIns _programs = new();

    [Fact]
    public async Task The_values_that_are_set_are_values_of_the_chart()
    {
        Tool.Succeeded(await DeployAsync("exit 0"));
        var values = Yaml.Parse(Deployment.Read(Deployment.Kubernetes, "values.yaml"));
        var set = Calls("helm upgrade").Single().Split("--set-string ").Skip(1).SelectMany(part => part.Split(' ')[0].Split(',')).Select(assignment => assignment.Split('=')).ToArray();
        Assert.Equal(6, set.Length);
        Assert.All(set, assignment => Assert.True(assignment[0].Split('.').Aggregate(values, (place, name) => place[name]).Exists, assignment[0]));
        Assert.All(set.Where(a => a[0].EndsWith("_image", StringComparison.Ordinal)), a => Assert.Matches("^images.example/team/capability-registry-(api|worker):1.2.3$", a[1]));
    }

    [Fact]
    public async Task The_namespace_is_made_before_the_release()
    {
        await DeployAsync("exit 0");
        Assert.StartsWith("kubectl apply --filename -", Calls("")[0], StringComparison.Ordinal);
        Assert.Contains("name: staging-registry", File.ReadAllText(Path.Combine(_programs.Folder, "applied")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_helm_takes_back_is_not_taken_back_twice()
    {
        var result = await DeployAsync("[ $1 != upgrade ]");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("what ran before runs again", result.Output, StringComparison.Ordinal);
        Assert.Empty(Calls("helm rollback"));
    }

    [Fact]
    public async Task A_release_that_is_not_well_afterwards_is_taken_back()
    {
        var result = await DeployAsync("exit 0", isWell: false);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("going back", result.Output, StringComparison.Ordinal);
        Assert.Equal(["helm rollback capability-registry --namespace staging-registry --wait --timeout 1s"], Calls("helm rollback"));
    }

    [Fact]
    public async Task Where_nothing_ran_before_there_is_nothing_to_go_back_to()
    {
        var result = await DeployAsync("[ $1 != status ]", isWell: false);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Nothing ran before.", result.Output, StringComparison.Ordinal);
        Assert.Empty(Calls("helm rollback"));
    }

    public void Dispose() => _programs.Dispose();

    private string[] Calls(string beginning) => _programs.Calls(beginning);

    private Task<ChildResult> DeployAsync(string helm, bool isWell = true)
    {
        _programs.Put("helm", helm);
        _programs.Put("kubectl", $"cat > {_programs.Folder}/applied");
        _programs.Put("registry", isWell ? "exit 0" : "exit 1");
        return _programs.DeployAsync("staging", "--target", "kubernetes", "--registry", "images.example/team", "--values", "my.yaml", "--namespace", "staging-registry", "--url", "http://127.0.0.1:1");
    }
}
