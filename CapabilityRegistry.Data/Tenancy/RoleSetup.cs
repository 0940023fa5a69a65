using Npgsql;

namespace CapabilityRegistry.Data.Tenancy;

/// <summary>Makes the roles that the system works under, and lets its login take them. What the owner may not do, and is not done yet, is said with the statement that does it.</summary>
internal sealed class RoleSetup(NpgsqlConnection owner, long lockKey)
{
    private static readonly NpgsqlCommandBuilder Quoting = new();

    public async Task RunAsync(NpgsqlConnectionStringBuilder application, CancellationToken cancellationToken)
    {
        await using var transaction = await owner.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync($"SELECT pg_advisory_xact_lock({lockKey})", cancellationToken);
        foreach (var role in new[] { DatabaseRoles.Application, DatabaseRoles.System })
        {
            if (!await ExistsAsync(role, cancellationToken))
            {
                await ExecuteAsync($"CREATE ROLE {role} NOLOGIN", cancellationToken);
            }
        }

        // Whoever connects by other means than a password (peer, certificate) is known only to the server: then it is the owner who works.
        var login = application.Username ?? owner.UserName!;
        if (!await ExistsAsync(login, cancellationToken) && application.Password is { } password)
        {
            await ExecuteAsync($"CREATE ROLE {Quoting.QuoteIdentifier(login)} LOGIN PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}'", cancellationToken, $"CREATE ROLE {login} LOGIN PASSWORD '...'");
        }

        foreach (var role in new[] { DatabaseRoles.Application, DatabaseRoles.System })
        {
            if (!await IsMemberAsync(login, role, cancellationToken))
            {
                await ExecuteAsync($"GRANT {role} TO {Quoting.QuoteIdentifier(login)}", cancellationToken);
            }
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private Task<bool> ExistsAsync(string role, CancellationToken cancellationToken) => AskAsync("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", [role], cancellationToken);

    private Task<bool> IsMemberAsync(string login, string role, CancellationToken cancellationToken) => AskAsync("SELECT pg_has_role($1, $2, 'MEMBER')", [login, role], cancellationToken);

    private async Task<bool> AskAsync(string sql, string[] values, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, owner);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken, string? shown = null)
    {
        await using var command = new NpgsqlCommand(sql, owner);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new MigrationException($"The owner of the tables ({owner.UserName}) may not set up the roles of the system. Ask an administrator to run: {shown ?? sql}; and then migrate again.", exception);
        }
    }
}
