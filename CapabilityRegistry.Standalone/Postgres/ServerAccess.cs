using System.Security.Cryptography;
using System.Text;
using CapabilityRegistry.Data.Tenancy;
using Npgsql;

namespace CapabilityRegistry.Standalone.Postgres;

/// <summary>Who may log in to the embedded server and how: the superuser with the cluster's secret, the application's role with a password derived from it.</summary>
internal sealed class ServerAccess(EmbeddedPostgresOptions options, string secret, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly NpgsqlCommandBuilder Quoting = new();

    public string ForApplication(int port, string database) => For(port, options.ApplicationRole, ApplicationPassword, database).ConnectionString;

    public string ForOwner(int port, string database) => For(port, options.OwnerRole, OwnerPassword, database).ConnectionString;

    public string ForSuperuser(int port, string database) => For(port, options.SuperuserName, secret, database).ConnectionString;

    private string ApplicationPassword => options.ApplicationPassword ?? Derive("application role");

    private string OwnerPassword => options.OwnerPassword ?? Derive("owner role");

    /// <summary>Creates the owner of the database, the application's login and the database where they are missing, and gives the roles their present passwords.</summary>
    public async Task EnsureDatabaseAsync(int port, string database, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(port, cancellationToken);
        await EnsureLoginAsync(connection, options.OwnerRole, OwnerPassword, cancellationToken);
        await EnsureLoginAsync(connection, options.ApplicationRole, ApplicationPassword, cancellationToken);
        foreach (var role in new[] { DatabaseRoles.Application, DatabaseRoles.System })
        {
            await TryCreateAsync(connection, $"CREATE ROLE {role} NOLOGIN", PostgresErrorCodes.DuplicateObject, cancellationToken);
            await ExecuteAsync(connection, $"GRANT {role} TO {Quoting.QuoteIdentifier(options.ApplicationRole)}", cancellationToken);
        }

        await TryCreateAsync(
            connection, $"CREATE DATABASE {Quoting.QuoteIdentifier(database)} OWNER {Quoting.QuoteIdentifier(options.OwnerRole)}", PostgresErrorCodes.DuplicateDatabase, cancellationToken);
    }

    /// <summary>A secret that only this cluster gives for a purpose, the same one every time.</summary>
    public string Derive(string purpose) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(purpose)));

    private static async Task EnsureLoginAsync(NpgsqlConnection connection, string name, string text, CancellationToken cancellationToken)
    {
        var (role, password) = (Quoting.QuoteIdentifier(name), $"LOGIN PASSWORD '{text.Replace("'", "''", StringComparison.Ordinal)}'");
        await TryCreateAsync(connection, $"CREATE ROLE {role} {password}", PostgresErrorCodes.DuplicateObject, cancellationToken);
        await ExecuteAsync(connection, $"ALTER ROLE {role} {password}", cancellationToken);
    }

    /// <summary>
    /// Waits while the server is starting, then logs in. Null when that worked: the server is ours, because SCRAM proves both sides and a stranger's does not
    /// know our secret. Else why it did not.
    /// </summary>
    public async Task<string?> RefusalAsync(int port, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.StartTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            while (!await TryOpenAsync(port, either.Token))
            {
                await Task.Delay(Pause, time, either.Token);
            }

            return null;
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return exception.Message;
        }
    }

    private async Task<bool> TryOpenAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(port, cancellationToken);
            return true;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.CannotConnectNow)
        {
            return false;
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(int port, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ForSuperuser(port, "postgres")) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static NpgsqlConnectionStringBuilder For(int port, string user, string password, string database) =>
        new() { Host = "127.0.0.1", Port = port, Username = user, Password = password, Database = database };

    // The server decides whether it exists already, not a look beforehand.
    private static async Task TryCreateAsync(NpgsqlConnection connection, string statement, string alreadyThere, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connection, statement, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == alreadyThere)
        {
            // It stays as it is.
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
