using CapabilityRegistry.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace CapabilityRegistry.Tests.Api.Contract;

/// <summary>How kept answers live and die: with the transaction that made them, and for as long as it is set.</summary>
public sealed class IdempotentTransactionTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private const string Header = "Idempotency-Key";

    [Fact]
    public async Task An_answer_and_what_it_answers_are_kept_together_or_not_at_all()
    {
        await Tables.ScalarAsync(
            registry,
            """
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the commit fails'; END $$;
            CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON idempotent_answers DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.tenant_id = 'doomed') EXECUTE FUNCTION fail();
            """);
        var tenant = await SeededTenant.EmptyAsync(registry.App, "doomed");
        var failed = await tenant.PostAsync("/api/capabilities", Sample.Manifest("doomed"), (Header, "k"));
        Assert.Equal((500, "INTERNAL_ERROR"), (failed.Status, failed.ErrorCode));
        foreach (var table in new[] { "idempotent_answers", "capabilities", "capability_versions", "names", "events" })
        {
            Assert.Equal(0, await Tables.CountAsync(registry, table, "doomed"));
        }

        await Tables.ScalarAsync(registry, "DROP TRIGGER fail ON idempotent_answers");
        Assert.Equal(201, (await tenant.PostAsync("/api/capabilities", Sample.Manifest("doomed"), (Header, "k"))).Status);
    }

    [Fact]
    public async Task After_its_lifetime_a_key_is_a_new_one()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Idempotency:LifetimeHours"] = "1", ["Auth:AccessTokenMinutes"] = "1440" };
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, settings: settings, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var tenant = await SeededTenant.EmptyAsync(app, "aged");
        var first = await tenant.PostAsync("/api/capabilities", Sample.Manifest("aged"), (Header, "k"));
        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal((201, first.Text), await tenant.PostAsync("/api/capabilities", Sample.Manifest("aged"), (Header, "k")) is var again ? (again.Status, again.Text) : default);

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(409, (await tenant.PostAsync("/api/capabilities", Sample.Manifest("aged"), (Header, "k"))).Status);
        Assert.Equal(201, (await tenant.PostAsync("/api/capabilities", Sample.Manifest("younger"), (Header, "k"))).Status);
        Assert.Equal(422, (await tenant.PostAsync("/api/capabilities", Sample.Manifest("aged"), (Header, "k"))).Status);
        Assert.Equal(1, await Tables.CountAsync(registry, "idempotent_answers", "aged"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_repeat_does_not_wait_for_ever_for_an_attempt_in_this_process_or_another(bool isElsewhere)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Idempotency:WaitSeconds"] = "1" };
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, settings: settings);
        await using var elsewhere = await RegistryApp.StartAsync(registry.ConnectionString, settings: settings);
        var tenantId = $"slow-{isElsewhere}".ToLowerInvariant();
        var tenant = await SeededTenant.CreateAsync(app, tenantId);
        var same = await SeededTenant.EmptyAsync(isElsewhere ? elsewhere : app, tenantId);
        await using var other = await Tables.OpenAsync(registry.ConnectionString);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new NpgsqlCommand($"SELECT 1 FROM capabilities WHERE tenant_id = '{tenantId}' FOR UPDATE", other))
        {
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var first = tenant.PostAsync("/api/capabilities/checkout/versions/1.0.0/yank", """{"reason":"x"}""", (Header, "k"));
        while ((long)(await Tables.ScalarAsync(registry, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"))! == 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        var repeat = await same.PostAsync("/api/capabilities/checkout/versions/1.0.0/yank", """{"reason":"x"}""", (Header, "k"));
        Assert.Equal((503, "An earlier attempt is not finished."), (repeat.Status, repeat.Json.GetProperty("title").GetString()));
        Assert.NotNull(repeat.Headers.RetryAfter);
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, (await first).Status);
        Assert.Equal((200, (await first).Text), await same.PostAsync("/api/capabilities/checkout/versions/1.0.0/yank", """{"reason":"x"}""", (Header, "k")) is var again ? (again.Status, again.Text) : default);
    }

    [Fact]
    public async Task Repeats_that_wait_for_the_first_leave_connections_to_others()
    {
        await using var app = await RegistryApp.StartAsync(new NpgsqlConnectionStringBuilder(registry.ConnectionString) { MaxPoolSize = 4 }.ConnectionString);
        var tenant = await SeededTenant.CreateAsync(app, "waiting");
        await using var other = await Tables.OpenAsync(registry.ConnectionString);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new NpgsqlCommand("SELECT 1 FROM capabilities WHERE tenant_id = 'waiting' AND capability_code = 'checkout' FOR UPDATE", other))
        {
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var repeats = Enumerable.Range(0, 30).Select(_ => tenant.PostAsync("/api/capabilities/checkout/versions/1.0.0/yank", """{"reason":"x"}""", (Header, "k"))).ToArray();
        for (var i = 0; i < 20; i++)
        {
            var read = await tenant.GetAsync("/api/capabilities?per_page=1");
            Assert.True(read.Status == 200, read.Text);
        }

        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.All(await Task.WhenAll(repeats), a => Assert.True(a.Status == 200, a.Text));
    }
}
