using CapabilityRegistry.Standalone.Postgres;

namespace CapabilityRegistry.Tests.Deploy;

/// <summary>The programs that know whether a file in <c>deploy/</c> is right. A test whose program is not installed is skipped and says so.</summary>
internal static class Tool
{
    private static readonly string[] Folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), "/usr/sbin", "/usr/local/sbin", "/sbin"];

    /// <summary>The committed files.</summary>
    public static string Deploy { get; } = Path.Combine(AppContext.BaseDirectory, "deploy");

    /// <summary>The full path of a program, or a skipped test.</summary>
    public static string Require(string program)
    {
        var path = Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{program} is not installed.");
        return path!;
    }

    public static Task<ChildResult> RunAsync(string program, params string[] arguments) => RunInAsync(Deploy, program, arguments);

    public static Task<ChildResult> RunInAsync(string folder, string program, params string[] arguments) =>
        new ChildProcess(TimeProvider.System).RunAsync(new(program, arguments) { WorkingDirectory = folder, Timeout = TimeSpan.FromSeconds(60) }, TestContext.Current.CancellationToken);

    /// <summary>Runs a committed script in an environment of its own.</summary>
    public static Task<ChildResult> RunScriptAsync(string script, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        new ChildProcess(TimeProvider.System).RunAsync(
            new(Require("bash"), [Path.Combine(Deploy, script), .. arguments]) { WorkingDirectory = Deploy, Environment = environment, Timeout = TimeSpan.FromSeconds(120) }, TestContext.Current.CancellationToken);

    public static void Succeeded(ChildResult result) => Assert.True(result.Succeeded, result.Output);
}
