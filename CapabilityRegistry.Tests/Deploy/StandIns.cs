using CapabilityRegistry.Standalone.Postgres;

namespace CapabilityRegistry.Tests.Deploy;

/// <summary>Programs in the place of those that need an engine or a cluster, which write down how they are called, and <c>deploy.sh</c> among them.</summary>
internal sealed class StandIns : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("registry-deploy-").FullName;

    /// <summary>The calls, as their program and its arguments, in order.</summary>
    public string[] Calls(string beginning) => [.. File.ReadAllLines(Path.Combine(Folder, "calls")).Where(call => call.StartsWith(beginning, StringComparison.Ordinal))];

    /// <summary>Makes a program that does what a shell does with the body.</summary>
    public void Put(string program, string body)
    {
        var path = Path.Combine(Folder, program);
        File.WriteAllText(path, $"#!/bin/sh\necho {program} \"$@\" >> {Folder}/calls\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Deploys with images that are there.</summary>
    public Task<ChildResult> DeployAsync(params string[] arguments)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = $"{Folder}:{Environment.GetEnvironmentVariable("PATH")}", ["REGISTRY_CLI"] = Path.Combine(Folder, "registry") };
        return new ChildProcess(TimeProvider.System).RunAsync(
            new(Tool.Require("bash"), [Path.Combine(Tool.Deploy, "deploy.sh"), "--tag", "1.2.3", "--timeout", "1", "--skip-build", .. arguments]) { WorkingDirectory = Tool.Deploy, Environment = environment, Timeout = TimeSpan.FromSeconds(60) },
            TestContext.Current.CancellationToken);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
