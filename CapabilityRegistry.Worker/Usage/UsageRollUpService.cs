using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Usage;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Worker.Usage;

/// <summary>Sums up what was counted, every so often, and once a day makes scores of it.</summary>
internal sealed class UsageRollUpService(PositionListener listener, UsageSums sums, PopularityScores scores, IOptions<UsageOptions> options) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        listener.RepeatAsync(
            TimeSpan.FromMinutes(options.Value.RollUpMinutes),
            async cancellationToken =>
            {
                await sums.RollUpAsync(cancellationToken);
                await scores.ComputeAsync(cancellationToken);
            },
            stoppingToken);
}
