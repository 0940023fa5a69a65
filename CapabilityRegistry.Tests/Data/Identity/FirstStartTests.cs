using CapabilityRegistry.Data;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.ServiceDefaults;
using CapabilityRegistry.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CapabilityRegistry.Tests.Data.Identity;

public sealed class FirstStartTests(DatabaseServer server)
{
    private const string Made =
        """
        SELECT concat_ws(' ', (SELECT count(*) FROM tenants), (SELECT count(*) FROM api_clients), (SELECT count(*) FROM api_client_secrets), (SELECT string_agg(event_type, ',' ORDER BY event_type) FROM events),
            (SELECT string_agg(action, ',' ORDER BY action) FROM audit_entries))
        """;

    [Theory]
    [InlineData(null)]
    [InlineData("a secret that was configured beforehand")]
    public async Task Of_processes_that_start_at_once_one_makes_the_tenant_and_its_administrator(string? configured)
    {
        const int processes = 6;
        var connection = await server.CreateDatabaseAsync();
        using var together = new Barrier(processes);
        var secrets = await Task.WhenAll(Enumerable.Range(0, processes).Select(_ => Task.Factory.StartNew(
            () => StartAsync(connection, configured, together), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
        var secret = configured ?? Assert.Single(secrets, s => s is not null);
        Assert.Equal(configured is null ? 1 : 0, secrets.Count(s => s is not null));

        await using (var source = NpgsqlDataSource.Create(connection))
        {
            await using var command = source.CreateCommand(Made);
            Assert.Equal("1 1 1 client.created,tenant.created client.created,tenant.created", await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        await using var app = await RegistryApp.StartAsync(connection);
        var token = await app.PostAsync("/api/auth/token", $$"""{"tenant_id":"default","client_id":"admin","client_secret":"{{secret}}"}""");
        Assert.True(token.Status == 200, token.Text);
    }

    /// <summary>What the role <c>migrate</c> and the standalone host do, in a container of services of its own.</summary>
    private static async Task<string?> StartAsync(string connection, string? secret, Barrier together)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Configuration["ConnectionStrings:registry"] = connection;
        builder.Configuration["Bootstrap:ClientSecret"] = secret;
        builder.AddServiceDefaults();
        builder.AddNpgsqlDataSource(RegistryData.ConnectionName, configureDataSourceBuilder: RegistryData.Configure);
        builder.Services.AddRegistryData();
        await using var process = builder.Build();
        await using var scope = process.Services.CreateAsyncScope();
        var first = scope.ServiceProvider.GetRequiredService<FirstStart>();
        together.SignalAndWait(TestContext.Current.CancellationToken);
        return await first.RunAsync(makeSecret: true, TestContext.Current.CancellationToken);
    }
}
