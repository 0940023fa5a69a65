using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Tests.Testing;
using CapabilityRegistry.Worker.Housekeeping;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace CapabilityRegistry.Tests.Worker;

public sealed class IdempotencySweeperTests(DatabaseServer server) : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private string _connectionString = "";
    private NpgsqlDataSource _source = null!;

    public async ValueTask InitializeAsync() => _source = NpgsqlDataSource.Create(_connectionString = await server.CreateDatabaseAsync());

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    [Fact]
    public async Task What_has_expired_goes_in_batches_and_what_has_not_stays()
    {
        await using var database = System();
        using var sweeper = Sweeper(database);
        await AddAsync("old", (2 * IdempotencySweeper.BatchSize) + 7, _clock.GetUtcNow());
        await AddAsync("live", 3, _clock.GetUtcNow().AddTicks(TimeSpan.TicksPerMicrosecond));
        Assert.Equal((2 * IdempotencySweeper.BatchSize) + 7, await sweeper.SweepAsync(TestContext.Current.CancellationToken));
        Assert.Equal(3, await CountAsync());
        Assert.Equal(0, await sweeper.SweepAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Two_sweepers_remove_every_answer_once()
    {
        await using var database = System();
        using var one = Sweeper(database);
        using var two = Sweeper(database);
        await AddAsync("old", 3 * IdempotencySweeper.BatchSize, _clock.GetUtcNow());
        var removed = await Task.WhenAll(one.SweepAsync(TestContext.Current.CancellationToken), two.SweepAsync(TestContext.Current.CancellationToken));
        Assert.Equal(3 * IdempotencySweeper.BatchSize, removed.Sum() + await one.SweepAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await CountAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task It_sweeps_at_the_start_and_every_hour()
    {
        await using var database = System();
        using var sweeper = Sweeper(database);
        await AddAsync("first", 1, _clock.GetUtcNow());
        await sweeper.StartAsync(TestContext.Current.CancellationToken);
        await UntilEmptyAsync();
        for (var hour = 0; hour < 2; hour++)
        {
            await AddAsync("next", 1, _clock.GetUtcNow().AddMinutes(30));
            _clock.Advance(IdempotencySweeper.Interval);
            await UntilEmptyAsync();
        }

        await sweeper.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The role that workers have; the superuser would be allowed more.</summary>
    private SystemDatabase System()
    {
        var source = new NpgsqlDataSourceBuilder(_connectionString);
        source.ConnectionStringBuilder.Options = $"-c role={DatabaseRoles.System}";
        return new(source.Build());
    }

    private IdempotencySweeper Sweeper(SystemDatabase database) => new(database, _clock, NullLogger<IdempotencySweeper>.Instance);

    private async Task AddAsync(string key, int count, DateTimeOffset expires)
    {
        await using var command = _source.CreateCommand(
            """
            INSERT INTO idempotent_answers (tenant_id, client_id, idempotency_key, request_hash, status, body, created_at, expires_at)
            SELECT 'tenant-' || i % 3, 'client', $1 || i, '', 201, '', $3, $3 FROM generate_series(1, $2) AS i
            """);
        NpgsqlParameter[] parameters = [new() { Value = key }, new() { Value = count }, new() { Value = expires }];
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task UntilEmptyAsync()
    {
        while (await CountAsync() > 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<long> CountAsync()
    {
        await using var command = _source.CreateCommand("SELECT count(*) FROM idempotent_answers");
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
