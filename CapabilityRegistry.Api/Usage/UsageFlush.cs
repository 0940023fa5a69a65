using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Data.Usage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Api.Usage;

/// <summary>Writes down what this process has counted: every few seconds, at the turn of the hour, and when it stops.</summary>
/// <remarks>What cannot be written is kept and tried again for a day. A process that is killed loses what it has counted since the last time. A statement whose answer is lost with the
/// connection may have been kept, and is written again: then some uses count twice.</remarks>
internal sealed partial class UsageFlush(
    UsageCounters counters, UsageTable table, UsageMetrics metrics, IOptions<UsageOptions> options, TimeProvider clock, ILogger<UsageFlush> logger) : BackgroundService
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    private readonly Dictionary<(UsageKey Key, DateTimeOffset Hour), long> _waiting = [];
    private readonly SemaphoreSlim _turn = new(1, 1);
    private DateTimeOffset _since = clock.GetUtcNow();

    /// <summary>Writes down everything that was counted.</summary>
    /// <exception cref="NpgsqlException">It could not be written; it is kept for the next time.</exception>
    public async Task FlushAsync()
    {
        await _turn.WaitAsync();
        try
        {
            Collect();

            // Not to be cancelled: then nobody would know whether it is written.
            await table.AddAsync(_waiting, CancellationToken.None);
        }
        finally
        {
            metrics.Waiting = _waiting.Count;
            _turn.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryFlushAsync();
    }

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            var (regular, turn) = (now.AddSeconds(options.Value.FlushSeconds), HourOf(now).AddHours(1));
            await Task.Delay((regular < turn ? regular : turn) - now, clock, stoppingToken);
            await TryFlushAsync();
        }
    }

    private static DateTimeOffset HourOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>Since it is collected at every turn of the hour, all of it belongs to the hour in which it was collected before.</summary>
    private void Collect()
    {
        var (hour, now) = (HourOf(_since), clock.GetUtcNow());
        counters.Drain((key, uses) => _waiting[(key, hour)] = _waiting.GetValueOrDefault((key, hour)) + uses);
        _since = now;
        foreach (var late in _waiting.Keys.Where(k => k.Hour < now - KeptFor).ToArray())
        {
            _waiting.Remove(late, out var lost);
            metrics.Dropped(lost);
        }

        metrics.Dropped(counters.TakeDropped());
    }

    private async Task TryFlushAsync()
    {
        try
        {
            await FlushAsync();
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            Log.Failed(logger, _waiting.Count, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The counted uses could not be written; {Rows} rows are kept for the next time: {Reason}")]
        public static partial void Failed(ILogger logger, int rows, string reason);
    }
}

/// <summary>The table of hours.</summary>
internal sealed class UsageTable(SystemDatabase database)
{
    private const int BatchSize = 5_000;

    /// <summary>In the order of the key, so that two processes that add to the same rows wait for each other and never for ever. What is of no capability is left out.</summary>
    private const string Sql =
        """
        INSERT INTO usage_hourly (tenant_id, capability_id, kind, hour, count)
        SELECT n.tenant_id, n.name_id, u.kind, u.hour, sum(u.uses)::bigint
        FROM unnest($1, $2, $3, $4, $5) AS u (tenant_id, code, kind, hour, uses) JOIN names n ON n.tenant_id = u.tenant_id AND n.name = u.code COLLATE "C"
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 4, 2, 3
        ON CONFLICT (tenant_id, hour, capability_id, kind) DO UPDATE SET count = usage_hourly.count + excluded.count
        """;

    /// <summary>Adds uses to the rows of their hours, and takes what is written out of <paramref name="uses"/>.</summary>
    public async Task AddAsync(Dictionary<(UsageKey Key, DateTimeOffset Hour), long> uses, CancellationToken cancellationToken)
    {
        while (uses.Count > 0)
        {
            var batch = uses.Take(BatchSize).ToArray();
            await using var connection = await database.OpenAsync(cancellationToken);
            await using var add = new NpgsqlCommand(Sql, connection)
            {
                Parameters =
                {
                    new() { Value = Array.ConvertAll(batch, u => u.Key.Key.TenantId) },
                    new() { Value = Array.ConvertAll(batch, u => u.Key.Key.Code) },
                    new() { Value = Array.ConvertAll(batch, u => Core.Manifests.Words.Of(u.Key.Key.Kind)) },
                    new() { Value = Array.ConvertAll(batch, u => u.Key.Hour) },
                    new() { Value = Array.ConvertAll(batch, u => u.Value) },
                },
            };
            await add.ExecuteNonQueryAsync(cancellationToken);
            foreach (var (key, _) in batch)
            {
                uses.Remove(key);
            }
        }
    }
}
