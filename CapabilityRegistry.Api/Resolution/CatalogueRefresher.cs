using CapabilityRegistry.Data.Catalogues;
using CapabilityRegistry.Data.Events;

namespace CapabilityRegistry.Api.Resolution;

/// <summary>Brings the snapshots that are in use up to date as soon as the sequence moves, so that the next resolution finds them ready.</summary>
internal sealed class CatalogueRefresher(PositionListener listener, CatalogueStore catalogues) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        listener.FollowAsync(PollInterval, catalogues.RefreshAllAsync, stoppingToken);
}
