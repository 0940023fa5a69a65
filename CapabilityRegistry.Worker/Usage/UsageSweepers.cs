using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Data.Usage;
using CapabilityRegistry.Worker.Housekeeping;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Worker.Usage;

/// <summary>Removes hours that are too old: whole days of them, and only such as have been summed up.</summary>
internal sealed class UsageHourSweeper(SystemDatabase database, IOptions<UsageOptions> options, TimeProvider clock, ILogger<UsageHourSweeper> logger) : Sweeper(clock, logger)
{
    private const string Sql =
        """
        DELETE FROM usage_hourly WHERE ctid = ANY (ARRAY (
            SELECT ctid FROM usage_hourly
            WHERE hour < (least($1, (SELECT coalesce(summed_on - 1, '-infinity') FROM usage_roll_up)))::timestamp AT TIME ZONE 'UTC'
            ORDER BY hour LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    private readonly TimeProvider _clock = clock;

    protected override async Task<int> SweepBatchAsync(int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var oldest = DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime).AddDays(-options.Value.HourlyDays);
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = oldest }, new() { Value = most } } };
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>Removes days that are too old.</summary>
internal sealed class UsageDaySweeper(SystemDatabase database, IOptions<UsageOptions> options, TimeProvider clock, ILogger<UsageDaySweeper> logger) : Sweeper(clock, logger)
{
    private const string Sql =
        """
        DELETE FROM usage_daily WHERE ctid = ANY (ARRAY (SELECT ctid FROM usage_daily WHERE day <= $1 ORDER BY day LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    private readonly TimeProvider _clock = clock;

    protected override async Task<int> SweepBatchAsync(int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var oldest = DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime).AddDays(-options.Value.DailyDays);
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = oldest }, new() { Value = most } } };
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
