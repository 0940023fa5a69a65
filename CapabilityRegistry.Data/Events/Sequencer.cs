using System.Diagnostics;
using CapabilityRegistry.Data.Tenancy;
using Npgsql;

namespace CapabilityRegistry.Data.Events;

/// <summary>Gives committed events their positions in the one sequence, and says up to where it is safe.</summary>
/// <remarks>
/// <para>Invariant: positions have no gaps, and who has seen position N never later finds a smaller one that it has not seen. It holds because only one transaction at a
/// time gives positions (an advisory lock), it gives them to committed events only, and its own commit makes them visible all at once. Writers never wait for it and share
/// no row. docs/adr/0005 has the reasoning.</para>
/// <para>Any process may run it at any time; with nothing to do it costs one index probe.</para>
/// </remarks>
public sealed class Sequencer(SystemDatabase database, TimeProvider clock)
{
    private const int TracesShown = 8;

    private static readonly ActivitySource Spans = new("CapabilityRegistry");

    /// <summary>Gives positions to everything that is committed when the call is made.</summary>
    /// <returns>The last position given, ever. A crash of the database may take back the newest ones until they are published: good for "at least this far" and nothing else.</returns>
    public async Task<long> AssignAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await AssignOnAsync(connection, cancellationToken);
    }

    /// <summary>Makes all positions that are given durable and announces them.</summary>
    /// <returns>The durable head.</returns>
    public async Task<long> PublishAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await PublishOnAsync(connection, cancellationToken);
    }

    /// <summary>Gives positions to everything that is committed when the call is made, durably.</summary>
    /// <returns>The durable head.</returns>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await AssignOnAsync(connection, cancellationToken);
        return await PublishOnAsync(connection, cancellationToken);
    }

    private async Task<long> AssignOnAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var started = clock.GetUtcNow();
        await using var assign = new NpgsqlCommand("SELECT head, traces FROM assign_positions()", connection);
        await using var reader = await assign.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        foreach (var trace in reader.IsDBNull(1) ? [] : reader.GetFieldValue<string[]>(1).Take(TracesShown))
        {
            using var span = Spans.StartActivity("registry.sequence", ActivityKind.Consumer, trace, startTime: started);
        }

        return reader.GetInt64(0);
    }

    private static async Task<long> PublishOnAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var publish = new NpgsqlCommand("SELECT publish_positions()", connection);
        return (long)(await publish.ExecuteScalarAsync(cancellationToken))!;
    }
}
