using System.ComponentModel.DataAnnotations;
using CapabilityRegistry.Data.Tenancy;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Worker.Housekeeping;

/// <summary>The section <c>MobileActions</c>: how long a device may take to hear what became of its actions.</summary>
internal sealed class MobileActionOptions
{
    public const string SectionName = "MobileActions";

    /// <summary>A device that repeats an action after that does it again.</summary>
    [Range(1, 3_650)]
    public int Days { get; set; } = 30;
}

/// <summary>Removes the kept results of offline actions that no device asks for any more.</summary>
internal sealed class MobileActionSweeper(SystemDatabase database, IOptions<MobileActionOptions> options, TimeProvider clock, ILogger<MobileActionSweeper> logger) : Sweeper(clock, logger)
{
    private const string Sql =
        """
        DELETE FROM mobile_actions WHERE ctid = ANY (ARRAY (
            SELECT ctid FROM mobile_actions WHERE created_at < $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    private readonly TimeProvider _clock = clock;

    protected override async Task<int> SweepBatchAsync(int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = _clock.GetUtcNow().AddDays(-options.Value.Days) }, new() { Value = most } } };
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
