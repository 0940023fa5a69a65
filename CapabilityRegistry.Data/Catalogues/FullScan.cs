using Npgsql;

namespace CapabilityRegistry.Data.Catalogues;

/// <summary>Readings of a whole tenant.</summary>
public static class FullScan
{
    /// <summary>For the rest of the transaction, joins are not done row by row, whatever statistics from before a bulk import say.</summary>
    public static async Task PlanAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var plan = new NpgsqlCommand("SET LOCAL enable_nestloop = off", connection);
        await plan.ExecuteNonQueryAsync(cancellationToken);
    }
}
