using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace CapabilityRegistry.Data.Tenancy;

/// <summary>Tells PostgreSQL for which tenant a statement of the context runs, so that row-level security agrees with the query filter.</summary>
/// <remarks>Outside of a transaction the setting travels in front of the statement, in the same round trip; a transaction is bound once, when it begins. A context without a
/// tenant sets nothing and sees no row.</remarks>
internal sealed class TenantInterceptor : DbCommandInterceptor, IDbTransactionInterceptor
{
    private const string Parameter = "registry_tenant";
    private const string Prefix = $"SELECT set_config('{DatabaseRoles.TenantSetting}', @{Parameter}, false);\n";

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Bind(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Bind(command, eventData);
        return ValueTask.FromResult(result);
    }

    public override DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result)
    {
        if (IsBound(command))
        {
            result.NextResult();
        }

        return result;
    }

    public override async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        if (IsBound(command))
        {
            await result.NextResultAsync(cancellationToken);
        }

        return result;
    }

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Bind(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Bind(command, eventData);
        return ValueTask.FromResult(result);
    }

    public DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        if (TenantOf(eventData) is { } tenantId)
        {
            using var bind = BindTransaction((NpgsqlConnection)connection, tenantId);
            bind.ExecuteNonQuery();
        }

        return result;
    }

    public async ValueTask<DbTransaction> TransactionStartedAsync(DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        if (TenantOf(eventData) is { } tenantId)
        {
            await using var bind = BindTransaction((NpgsqlConnection)connection, tenantId);
            await bind.ExecuteNonQueryAsync(cancellationToken);
        }

        return result;
    }

    private static void Bind(DbCommand command, CommandEventData eventData)
    {
        if (command.Transaction is null && TenantOf(eventData) is { } tenantId)
        {
            command.CommandText = Prefix + command.CommandText;
            command.Parameters.Add(new NpgsqlParameter<string>(Parameter, tenantId));
        }
    }

    private static bool IsBound(DbCommand command) => command.CommandText.StartsWith(Prefix, StringComparison.Ordinal);

    private static string? TenantOf(DbContextEventData eventData) => eventData.Context is RegistryDbContext { HasTenant: true } context ? context.TenantId : null;

    private static NpgsqlCommand BindTransaction(NpgsqlConnection connection, string tenantId) =>
        new($"SELECT set_config('{DatabaseRoles.TenantSetting}', $1, true)", connection) { Parameters = { new() { Value = tenantId } } };
}
