using System.Diagnostics;
using System.Text.Json;
using CapabilityRegistry.Benchmarks.Processes;
using CapabilityRegistry.Standalone.Postgres;

namespace CapabilityRegistry.Benchmarks.Chaos;

/// <summary>API and worker as processes of their own, as they are deployed. What is killed is started again at once.</summary>
internal sealed class RunningSystem : IAsyncDisposable
{
    private readonly Dictionary<string, Process> _processes = new(StringComparer.Ordinal);
    private readonly Programs _programs;
    private readonly Lock _lock = new();
    private bool _stopped;

    private RunningSystem(Programs programs, int port)
    {
        (_programs, Address) = (programs, new($"http://127.0.0.1:{port}"));
        Http = new(new SocketsHttpHandler()) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(20) };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public static async Task<RunningSystem> StartAsync(EmbeddedPostgres server, string folder, CancellationToken cancellationToken)
    {
        var system = new RunningSystem(new(server.ConnectionString, folder), LoopbackPort.PickFree());
        await system._programs.MigrateAsync(server.OwnerConnectionString, cancellationToken);
        system.Start(Programs.Api);
        system.Start(Programs.Worker);
        await system.LogInAsync(cancellationToken);
        return system;
    }

    /// <summary>Ends a process without a warning; it is started again.</summary>
    public void Kill(string name)
    {
        lock (_lock)
        {
            _processes[name].Kill();
        }
    }

    /// <summary>Asks until it is answered with a success.</summary>
    public async Task<JsonElement> InsistAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var message = request();
                using var answer = await Http.SendAsync(message, cancellationToken);
                var text = await answer.Content.ReadAsStringAsync(cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return JsonDocument.Parse(text).RootElement;
                }

                if (attempt == 120)
                {
                    throw new InvalidOperationException($"{message.RequestUri}: {(int)answer.StatusCode} {text}");
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException && attempt < 120 && !cancellationToken.IsCancellationRequested)
            {
                // It is being started.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Process[] processes;
        lock (_lock)
        {
            _stopped = true;
            processes = [.. _processes.Values];
        }

        foreach (var process in processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Http.Dispose();
    }

    private async Task LogInAsync(CancellationToken cancellationToken)
    {
        var token = await InsistAsync(Programs.TokenRequest, cancellationToken);
        Http.DefaultRequestHeaders.Authorization = new("Bearer", token.GetProperty("access_token").GetString());
    }

    private void Start(string name)
    {
        lock (_lock)
        {
            if (!_stopped)
            {
                _processes[name] = _programs.Start(name, name, name == Programs.Api ? Address : new("http://127.0.0.1:0"), () => Start(name));
            }
        }
    }
}
