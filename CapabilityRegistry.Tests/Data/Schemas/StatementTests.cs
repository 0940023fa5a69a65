using CapabilityRegistry.Tests.Api.Contract;
using CapabilityRegistry.Tests.Testing;
using Npgsql;

namespace CapabilityRegistry.Tests.Data.Schemas;

/// <summary>What releases before send runs on the newest schema (docs/adr/0018). At a release: run with UPDATE_SNAPSHOTS=1, and commit the file of the newest migration.</summary>
public sealed class StatementTests(DatabaseServer server)
{
    public static TheoryData<string> Releases => [.. StatementSnapshot.All.Select(s => s.Migration)];

    private static bool IsRecording => Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Every_statement_of_a_release_runs_on_the_newest_schema(string migration)
    {
        Assert.SkipWhen(IsRecording, "The files are being written.");
        var statements = StatementSnapshot.Of(migration).Statements;
        Assert.True(statements.Count > 150, $"{statements.Count} statements");
        Assert.Empty(await StatementCheck.FindUnfitAsync(await server.CreateDatabaseAsync(), statements, Cancellation));
    }

    [Theory]
    [InlineData("ALTER TABLE capabilities DROP COLUMN description CASCADE", "description")]
    [InlineData("ALTER TABLE webhooks RENAME COLUMN url TO address", "url")]
    [InlineData("ALTER TABLE compositions RENAME TO stacks", "compositions")]
    [InlineData("ALTER TABLE usage_daily DROP CONSTRAINT pk_usage_daily", "ON CONFLICT")]
    public async Task A_migration_that_breaks_a_release_is_found_with_the_statement_and_the_name(string migration, string name)
    {
        Assert.SkipWhen(IsRecording, "The files are being written.");
        var database = await server.CreateDatabaseAsync();
        await using (var source = NpgsqlDataSource.Create(database))
        {
            await using var command = source.CreateCommand(migration);
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        var unfit = await StatementCheck.FindUnfitAsync(database, StatementSnapshot.All[^1].Statements, Cancellation);
        Assert.NotEmpty(unfit);
        Assert.All(unfit, u => Assert.Contains(name, u.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_programs_send_can_be_recorded_and_prepared()
    {
        var database = await server.CreateDatabaseAsync();
        await using var walk = new StatementWalk(database);
        var statements = await walk.RecordAsync(IsRecording ? Operation.All.Where(o => o.Id != "GetToken") : Operation.All.Take(1), Cancellation);
        Assert.Empty(await StatementCheck.FindUnfitAsync(database, statements, Cancellation));
        Assert.Contains(statements, s => s.Text.StartsWith("INSERT INTO events", StringComparison.Ordinal) && s.Types.Contains("uuid", StringComparison.Ordinal));
        if (IsRecording)
        {
            await using var source = NpgsqlDataSource.Create(database);
            await using var command = source.CreateCommand("""SELECT max(migration_id) FROM "__EFMigrationsHistory" """);
            await new StatementSnapshot((string)(await command.ExecuteScalarAsync(Cancellation))!, [.. statements]).WriteAsync(Cancellation);
        }
    }
}
