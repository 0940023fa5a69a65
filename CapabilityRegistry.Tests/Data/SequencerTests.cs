using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Tests.Testing;
using Npgsql;

namespace CapabilityRegistry.Tests.Data;

public sealed class SequencerTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    [Fact]
    public async Task Positions_have_no_gap_and_no_reader_finds_a_smaller_one_later()
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(registry.ConnectionString) { MaxPoolSize = 40 });
        var cancellationToken = TestContext.Current.CancellationToken;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sequencing = Enumerable.Range(0, 3).Select(_ => SequenceAsync(source, done.Token)).ToArray();
        var reading = ReadAsync(source, done.Token);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(w => WriteAsync(source, w, cancellationToken)));
        await done.CancelAsync();
        await Task.WhenAll(sequencing);
        await new Sequencer(new SystemDatabase(source), TimeProvider.System).RunAsync(cancellationToken);

        Assert.True(await reading > 0);
        Assert.Equal(0, await ScalarAsync(source, "SELECT count(*) FROM events WHERE position IS NULL"));
        Assert.Equal(0, await ScalarAsync(source, "SELECT count(*) - (max(position) - min(position) + 1) FROM events"));
        Assert.Equal(12 * 20, await ScalarAsync(source, "SELECT count(*) FROM events WHERE tenant_id = 'sequence'"));
    }

    /// <summary>Some transactions stay open while others begin and commit, some are rolled back.</summary>
    private static async Task WriteAsync(NpgsqlDataSource source, int writer, CancellationToken cancellationToken)
    {
        for (var i = 0; i < 25; i++)
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var append = new NpgsqlCommand("INSERT INTO events (tenant_id, event_type, occurred_at, actor, change_id) VALUES ('sequence', 'test', now(), $1, gen_random_uuid())", connection)
            {
                Parameters = { new() { Value = $"{writer}" } },
            };
            await append.ExecuteNonQueryAsync(cancellationToken);
            await using var linger = new NpgsqlCommand("SELECT pg_sleep($1)", connection) { Parameters = { new() { Value = (writer * 7 + i) % 5 * 0.004 } } };
            await linger.ExecuteNonQueryAsync(cancellationToken);
            await (i % 5 == 4 ? transaction.RollbackAsync(cancellationToken) : transaction.CommitAsync(cancellationToken));
        }
    }

    private static async Task SequenceAsync(NpgsqlDataSource source, CancellationToken done)
    {
        var sequencer = new Sequencer(new SystemDatabase(source), TimeProvider.System);
        while (!done.IsCancellationRequested)
        {
            await sequencer.RunAsync(CancellationToken.None);
        }
    }

    /// <summary>Reads on from the last position seen; every position must follow the one before it.</summary>
    private static async Task<long> ReadAsync(NpgsqlDataSource source, CancellationToken done)
    {
        var last = 0L;
        while (!done.IsCancellationRequested)
        {
            await using var command = source.CreateCommand($"SELECT position FROM events WHERE position > {last} ORDER BY position");
            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            while (await reader.ReadAsync(CancellationToken.None))
            {
                Assert.Equal(last + 1, reader.GetInt64(0));
                last++;
            }
        }

        return last;
    }

    private static async Task<long> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
