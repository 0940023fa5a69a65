using System.Diagnostics;
using CapabilityRegistry.Standalone.Postgres;

namespace CapabilityRegistry.Tests.Testing;

/// <summary>A real Redis of the test class's own, on a free port of loopback, in memory only. It can be killed and started again on its port.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    public const string Missing = "There is no redis-server in the PATH.";

    private const int Attempts = 5;

    private static readonly string? Executable = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);

    private Process? _process;
    private int _port;

    /// <summary>Whether tests can use it; else they are skipped because it is <see cref="Missing"/>.</summary>
    public static bool IsInstalled => Executable is not null;

    /// <summary>A file of settings; null for the server's own.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>What a client has to know; null for nothing.</summary>
    public string? Password { get; init; }

    /// <summary>The connection string. Commands that a killed server never answers fail soon.</summary>
    public string ConnectionString => $"127.0.0.1:{_port},abortConnect=false,asyncTimeout=2000,allowAdmin=true{(Password is null ? "" : $",password={Password}")}";

    public async ValueTask InitializeAsync()
    {
        for (var attempt = 1; IsInstalled && _process is null; attempt++)
        {
            _port = LoopbackPort.PickFree();
            Assert.True(await TryStartAsync() || attempt < Attempts, "redis-server does not start.");
        }
    }

    /// <summary>Starts it again, empty, where it was.</summary>
    public async Task RestartAsync() => Assert.True(await TryStartAsync(), $"redis-server does not start on port {_port} again.");

    /// <summary>Ends it without a warning.</summary>
    public async Task KillAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    /// <summary>False when the port was taken meanwhile. The output is read to the end, or the server would wait for a reader.</summary>
    private async Task<bool> TryStartAsync()
    {
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        string[] first = ConfigurationFile is null ? [] : [ConfigurationFile];
        string[] last = Password is null ? [] : ["--requirepass", Password];
        string[] arguments = [.. first, "--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Path.GetTempPath(), .. last];
        var process = new Process { StartInfo = new(Executable!, arguments) { RedirectStandardOutput = true, UseShellExecute = false }, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("Ready to accept connections", StringComparison.Ordinal) is true)
            {
                ready.TrySetResult(true);
            }
        };
        process.Exited += (_, _) => ready.TrySetResult(false);
        process.Start();
        process.BeginOutputReadLine();
        if (await ready.Task)
        {
            _process = process;
            return true;
        }

        process.Dispose();
        return false;
    }
}
