using CapabilityRegistry.Api.Sockets;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Api.Collaboration;

/// <summary>Says now and then who is here, so that who starts late hears of it and who died is forgotten.</summary>
internal sealed class PresenceBeat(Rooms rooms, IOptions<SocketOptions> options, TimeProvider clock) : BackgroundService
{
    private const int SilentBeats = 3;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = TimeSpan.FromSeconds(options.Value.PresenceSeconds);
        using var timer = new PeriodicTimer(interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            rooms.Beat(SilentBeats * interval);
        }
    }
}
