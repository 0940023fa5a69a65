using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace CapabilityRegistry.ServiceDefaults.Health;

/// <summary>Whether Redis answers. Without it the system goes on, every process by itself: that is degraded, and no reason to send nobody to this process any more.</summary>
internal sealed class RedisCheck(IServiceProvider services) : IHealthCheck
{
    public const string Name = "redis";

    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().PingAsync().WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return HealthCheckResult.Degraded("Redis does not answer: rates are limited by each process, and others learn of changes later.");
        }
    }
}
