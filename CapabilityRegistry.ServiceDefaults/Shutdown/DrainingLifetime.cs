using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CapabilityRegistry.ServiceDefaults.Shutdown;

/// <summary>Lets the process live on for a while after SIGTERM, for those who do not know yet that it is about to stop. A second SIGTERM, or Ctrl+C, ends it without.</summary>
internal sealed partial class DrainingLifetime(TimeSpan time, Drain drain, Doors doors, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<DrainingLifetime> logger) : IHostLifetime, IDisposable
{
    private PosixSignalRegistration[] _signals = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerminate), .. new[] { PosixSignal.SIGINT, PosixSignal.SIGQUIT }.Select(signal => PosixSignalRegistration.Create(signal, OnInterrupt))];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }
    }

    private void OnTerminate(PosixSignalContext signal)
    {
        if (!drain.TryBegin())
        {
            OnInterrupt(signal);
            return;
        }

        signal.Cancel = true;
        _ = LeaveAsync();
    }

    private void OnInterrupt(PosixSignalContext signal)
    {
        signal.Cancel = true;
        lifetime.StopApplication();
    }

    private async Task LeaveAsync()
    {
        try
        {
            Log.Begun(logger, time.TotalSeconds);
            await Task.Delay(time, clock, lifetime.ApplicationStopping);
            await doors.CloseAsync(lifetime.ApplicationStopping);
            Log.Closed(logger);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Somebody has no time to wait.
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Told to stop: not ready any more, and serving for {DrainSeconds} s")]
        public static partial void Begun(ILogger logger, double drainSeconds);

        [LoggerMessage(LogLevel.Information, "No new connections are taken; requests that have begun are finished")]
        public static partial void Closed(ILogger logger);
    }
}
