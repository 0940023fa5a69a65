using System.Diagnostics;
using System.Globalization;
using System.Net;
using CapabilityRegistry.Standalone.Postgres;

namespace CapabilityRegistry.Benchmarks.Processes;

/// <summary>One process of the API on a port of its own, which can be told to stop and be started again there.</summary>
internal sealed class Replica(Programs programs, string name) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler());
    private Process? _process;

    public string Name => name;

    public int Port { get; } = LoopbackPort.PickFree();

    public int MetricsPort { get; } = LoopbackPort.PickFree();

    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>Of the process that runs now.</summary>
    public int ProcessId => (_process ?? throw new InvalidOperationException($"{name} does not run.")).Id;

    /// <summary>Starts it. It is ready when this returns.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process = programs.Start(Programs.Api, name, Address, metricsPort: MetricsPort);
        var began = TimeProvider.System.GetTimestamp();
        while (await ReadinessAsync(cancellationToken) is not HttpStatusCode.OK)
        {
            if (_process.HasExited || TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new InvalidOperationException($"{name} does not become ready.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    /// <summary>What a load balancer would be told; null where nobody answers.</summary>
    public async Task<HttpStatusCode?> ReadinessAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(Address, "/api/health"), cancellationToken);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Sends SIGTERM.</summary>
    public async Task TerminateAsync(CancellationToken cancellationToken)
    {
        var id = (_process ?? throw new InvalidOperationException($"{name} does not run.")).Id.ToString(CultureInfo.InvariantCulture);
        (await new ChildProcess(TimeProvider.System).RunAsync(new("kill", "-TERM", id), cancellationToken)).Require($"The end of {name}");
    }

    /// <summary>Waits until it is gone.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> GoneAsync(CancellationToken cancellationToken)
    {
        var process = _process ?? throw new InvalidOperationException($"{name} does not run.");
        await process.WaitForExitAsync(cancellationToken);
        var code = process.ExitCode;
        process.Dispose();
        _process = null;
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _http.Dispose();
    }
}
