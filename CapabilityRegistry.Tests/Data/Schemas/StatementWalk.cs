using CapabilityRegistry.Data.Catalogues;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Tests.Api.Contract;
using CapabilityRegistry.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CapabilityRegistry.Tests.Data.Schemas;

/// <summary>API and worker over pools whose sessions prepare whatever they are sent at the first time: PostgreSQL can then be asked for the statements, and for the types of their parameters.</summary>
internal sealed class StatementWalk(string connectionString) : IAsyncDisposable
{
    private const int Sessions = 30;

    /// <summary>Uses are written down while the walk lasts.</summary>
    private static readonly IReadOnlyDictionary<string, string?> Settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Usage:FlushSeconds"] = "1" };

    /// <summary>A session that is busy is asked at another time.</summary>
    private const int Looks = 5;

    private readonly NpgsqlDataSource _application = Source(connectionString, DatabaseRoles.Application);
    private readonly NpgsqlDataSource _system = Source(connectionString, DatabaseRoles.System);

    /// <summary>Asks operations, each of a tenant of its own, and tells what was sent for that and in the background.</summary>
    public async Task<IReadOnlyCollection<Statement>> RecordAsync(IEnumerable<Operation> operations, CancellationToken cancellationToken)
    {
        await using var app = await RegistryApp.StartAsync(connectionString, withWorker: true, settings: Settings, configure: Configure);
        foreach (var operation in operations)
        {
            var tenant = await SeededTenant.CreateAsync(app, $"walk-{operation.Id.ToLowerInvariant()}", operation);
            await tenant.AskAsync(operation);
        }

        await AskWhatHasNoExampleAsync(app);

        var statements = new HashSet<Statement>();
        for (var look = 0; look < Looks; look++)
        {
            statements.UnionWith(await ReadAsync(_application, cancellationToken));
            statements.UnionWith(await ReadAsync(_system, cancellationToken));
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
        }

        return statements;
    }

    /// <summary>Lists by each filter, streams, and writes that are repeated.</summary>
    private static async Task AskWhatHasNoExampleAsync(RegistryApp app)
    {
        const string tenant = "walk-more";
        await app.ImportAsync($"{Sample.Manifest("streamed")}\n{Sample.Manifest("streamed", "1.1.0", Sample.Needs("other"))}\n{Sample.Manifest("other")}", tenant: tenant);
        await app.SendAsync(HttpMethod.Post, "/api/capabilities", Sample.Manifest("repeated"), tenant: tenant, headers: ("Idempotency-Key", "walk"));
        foreach (var path in (string[])["capabilities?search=streamed&facets=true", "capabilities?category=test&status=active&sort=name", "capabilities?keyword=none", "capabilities?service=none", "capabilities/export", "changes?since=0", "audit?per_page=1"])
        {
            Assert.NotEqual(500, (await app.GetAsync($"/api/{path}", tenant)).Status);
        }

        Assert.Equal(200, (await app.PostAsync("/api/dependencies/resolve", Sample.Resolve("streamed"), tenant)).Status);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        await _system.DisposeAsync();
    }

    private void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_application);
        builder.Services.AddSingleton(new SystemDatabase(_system));
        builder.Services.AddSingleton(services => new CatalogueLoader(new(_application), services.GetRequiredService<Sequencer>()));
    }

    private static NpgsqlDataSource Source(string connectionString, string role) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 2_000, AutoPrepareMinUsages = 1, MaxPoolSize = Sessions, Options = $"-c role={role}" });

    private static async Task<IEnumerable<Statement>> ReadAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var statements = new List<Statement>();
        var sessions = new List<NpgsqlConnection>();
        try
        {
            for (var i = 0; i < Sessions - 10; i++)
            {
                sessions.Add(await source.OpenConnectionAsync(cancellationToken));
                await using var command = new NpgsqlCommand("SELECT statement, parameter_types::text[] FROM pg_prepared_statements", sessions[^1]);
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    statements.Add(new(reader.GetString(0).ReplaceLineEndings("\n").Trim(), string.Join(", ", reader.GetFieldValue<string[]>(1))));
                }
            }
        }
        finally
        {
            foreach (var session in sessions)
            {
                await session.DisposeAsync();
            }
        }

        return statements.Where(statement => statement.IsPlanned);
    }
}
