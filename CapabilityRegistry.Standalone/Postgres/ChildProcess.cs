using System.ComponentModel;
using System.Diagnostics;

namespace CapabilityRegistry.Standalone.Postgres;

/// <summary>One program to run. Arguments are a list and no shell reads them, so a path may hold any character.</summary>
internal sealed record ChildCommand(string FileName, params IReadOnlyList<string> Arguments)
{
    public string? WorkingDirectory { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string? StandardInput { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>How a program ended and what it said on both of its outputs.</summary>
internal sealed record ChildResult(string Program, int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;

    public ChildResult Require(string purpose) =>
        Succeeded ? this : throw new EmbeddedPostgresException($"{purpose} failed: {Program} ended with exit code {ExitCode}.{System.Environment.NewLine}{Output}");
}

/// <summary>Runs programs of the operating system: bounded in time, cancellable, output captured, in an environment that holds nothing of ours.</summary>
internal sealed class ChildProcess(TimeProvider time)
{
    // The server outlives this process when it is killed, and PG* variables would bend it: so connection strings, keys and the like never reach it.
    private static readonly string[] InheritedVariables = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ", "TMPDIR"];

    /// <summary>Runs it to its end, whatever its exit code.</summary>
    /// <exception cref="EmbeddedPostgresException">The program cannot be started, or did not end in its time and was killed.</exception>
    public async Task<ChildResult> RunAsync(ChildCommand command, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(command.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var process = Start(command);
        try
        {
            var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
            await FeedAsync(process, command.StandardInput);
            await process.WaitForExitAsync(either.Token);
            var texts = await output.WaitAsync(either.Token);
            return new ChildResult(Path.GetFileName(command.FileName), process.ExitCode, string.Concat(texts).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new EmbeddedPostgresException($"{command.FileName} did not end within {command.Timeout.TotalSeconds:0} s and was stopped.");
        }
    }

    private static Process Start(ChildCommand command)
    {
        try
        {
            return Process.Start(Describe(command)) ?? throw new EmbeddedPostgresException($"{command.FileName} did not start.");
        }
        catch (Win32Exception exception)
        {
            throw new EmbeddedPostgresException($"{command.FileName} cannot be run: {exception.Message}", exception);
        }
    }

    private static ProcessStartInfo Describe(ChildCommand command)
    {
        var description = new ProcessStartInfo(command.FileName, command.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = command.WorkingDirectory ?? "/",
        };
        var inherited = InheritedVariables.Select(name => KeyValuePair.Create(name, Environment.GetEnvironmentVariable(name)));
        description.Environment.Clear();
        foreach (var (name, value) in inherited.Where(variable => variable.Value is not null))
        {
            description.Environment[name] = value;
        }

        description.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in command.Environment)
        {
            description.Environment[name] = value;
        }

        return description;
    }

    private static async Task FeedAsync(Process process, string? text)
    {
        try
        {
            await process.StandardInput.WriteAsync(text);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading all of its input: its exit code says why.
        }
    }
}
