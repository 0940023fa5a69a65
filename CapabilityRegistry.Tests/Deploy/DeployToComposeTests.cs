using CapabilityRegistry.Standalone.Postgres;

namespace CapabilityRegistry.Tests.Deploy;

/// <summary>What <c>deploy.sh</c> has Compose do, by a program in the place of <c>docker</c>. The real one needs an engine.</summary>
public sealed class DeployToComposeTests : IDisposable
{
    private const string Up = "up --detach --no-deps --wait --wait-timeout 1";

    private readonly StandIns _programs = new();

    [Fact]
    public async Task The_processes_of_the_API_are_replaced_one_after_the_other()
    {
        Tool.Succeeded(await DeployAsync());
        Assert.Equal(
            [
                "up --detach --wait postgres redis", "run --rm migrations", $"{Up} worker", $"{Up} app1", $"{Up} app2", $"{Up} app3",
                $"{Up} --remove-orphans nginx prometheus grafana", "exec -T app1 dotnet /app/CapabilityRegistry.Api.dll check-health http://127.0.0.1:8000/api/registry/health",
            ],
            Changes());
    }

    [Fact]
    public async Task Every_image_and_the_environment_are_given_to_Compose()
    {
        Tool.Succeeded(await DeployAsync());
        Assert.Equal(["capability-registry-api:1.2.3", "capability-registry-worker:1.2.3", "capability-registry-worker:1.2.3", "staging"], File.ReadAllLines(Path.Combine(_programs.Folder, "environment")));
    }

    [Fact]
    public async Task What_comes_after_a_process_that_does_not_become_well_is_left_alone_and_what_was_replaced_goes_back()
    {
        var result = await DeployAsync($"case \"$API_IMAGE $*\" in *:1.2.3*'{Up} app2') exit 1 ;; esac");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("going back to what ran before", result.Output, StringComparison.Ordinal);
        string[] changes = [.. Changes().Where(change => change.StartsWith(Up, StringComparison.Ordinal)).Select(change => change[(Up.Length + 1)..])];
        Assert.Equal(["worker", "app1", "app2", "worker", "app1", "app2", "app3"], changes);
        Assert.Equal(["before", "before"], File.ReadAllLines(Path.Combine(_programs.Folder, "environment"))[..2]);
    }

    [Fact]
    public async Task Where_the_migrations_fail_nothing_is_replaced()
    {
        var result = await DeployAsync("case \"$*\" in *'run --rm migrations') exit 1 ;; esac");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("what ran before still runs", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Changes(), change => change.StartsWith(Up, StringComparison.Ordinal));
    }

    public void Dispose() => _programs.Dispose();

    /// <summary>What is asked of Compose beyond what it is doing.</summary>
    private string[] Changes() => [.. _programs.Calls("docker compose").Select(call => call[(call.IndexOf(".yaml ", StringComparison.Ordinal) + 6)..]).Where(call => !call.StartsWith("ps ", StringComparison.Ordinal))];

    private Task<ChildResult> DeployAsync(string more = "")
    {
        var environment = Path.Combine(_programs.Folder, "environment");
        _programs.Put("docker", $"printf '%s\\n' \"$API_IMAGE\" \"$WORKER_IMAGE\" \"$MIGRATIONS_IMAGE\" \"$ENVIRONMENT\" > {environment}\ncase \"$*\" in *' ps '*) echo container ;; inspect*) echo before ;; esac\n{more}");
        return _programs.DeployAsync("staging");
    }
}
