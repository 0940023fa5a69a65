using System.Globalization;
using Npgsql;

namespace CapabilityRegistry.Tests.Data.Schemas;

/// <summary>A statement that does not run on a schema.</summary>
internal sealed record Unfit(Statement Statement, string Reason)
{
    public override string ToString() => $"{Reason}\n{Statement.Text}";
}

/// <summary>Has PostgreSQL prepare and plan statements, without running any: every name in them is looked up, and so is what ON CONFLICT relies on.</summary>
internal static class StatementCheck
{
    public static async Task<IReadOnlyList<Unfit>> FindUnfitAsync(string connectionString, IEnumerable<Statement> statements, CancellationToken cancellationToken)
    {
        var unfit = new List<Unfit>();
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await RunAsync(connection, "SET plan_cache_mode = force_generic_plan", cancellationToken);
        foreach (var statement in statements)
        {
            try
            {
                await PlanAsync(connection, statement, cancellationToken);
            }
            catch (PostgresException exception)
            {
                unfit.Add(new(statement, exception.MessageText));
            }

            await RunAsync(connection, "DEALLOCATE ALL", cancellationToken);
        }

        return unfit;
    }

    private static async Task PlanAsync(NpgsqlConnection connection, Statement statement, CancellationToken cancellationToken)
    {
        var types = statement.Types.Length == 0 ? "" : $"({statement.Types})";
        await RunAsync(connection, $"PREPARE candidate{types} AS {statement.Text}", cancellationToken);
        await using var count = new NpgsqlCommand("SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = 'candidate'", connection);
        var parameters = Convert.ToInt32(await count.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
        var values = parameters == 0 ? "" : $"({string.Join(',', Enumerable.Repeat("NULL", parameters))})";
        await RunAsync(connection, $"EXPLAIN EXECUTE candidate{values}", cancellationToken);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
