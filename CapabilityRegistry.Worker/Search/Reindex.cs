using CapabilityRegistry.Data.Search;
using CapabilityRegistry.Data.Search.Elasticsearch;
using CapabilityRegistry.Data.Tenancy;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Worker.Search;

/// <summary>The role <c>reindex</c>: writes the search documents of PostgreSQL anew, then builds the index of Elasticsearch anew, while everything goes on, and ends.</summary>
public static class Reindex
{
    /// <summary>Runs it, and says in plain words what it does.</summary>
    /// <returns>The process's exit code: 0 when both hold what the capabilities are.</returns>
    public static async Task<int> RunAsync(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        await using (app)
        {
            try
            {
                return await RunAsync(app.Services, Console.Out, app.Lifetime.ApplicationStopping) ? 0 : 1;
            }
            catch (Exception exception) when (exception is PostgresException or NpgsqlException or ElasticsearchException or OptionsValidationException)
            {
                await Console.Error.WriteLineAsync($"Reindexing failed: {exception.Message}");
                return 1;
            }
        }
    }

    internal static async Task<bool> RunAsync(IServiceProvider services, TextWriter output, CancellationToken cancellationToken)
    {
        await using (var connection = await services.GetRequiredService<SystemDatabase>().OpenAsync(cancellationToken))
        {
            var (written, removed) = await SearchDocumentRebuild.RunAsync(connection, onlyMissing: false, cancellationToken);
            await output.WriteLineAsync($"PostgreSQL: {written} search documents written, {removed} removed.");
            if (await MissingAsync(connection, cancellationToken) is > 0 and var missing)
            {
                await output.WriteLineAsync($"PostgreSQL: {missing} capabilities have no search document.");
                return false;
            }
        }

        if (services.GetService<SearchIndexRebuild>() is not { } rebuild)
        {
            await output.WriteLineAsync("Elasticsearch: not configured (ConnectionStrings:elasticsearch); PostgreSQL answers searches.");
            return true;
        }

        return await rebuild.RunAsync(line => output.WriteLine($"Elasticsearch: {line}"), cancellationToken);
    }

    private static async Task<long> MissingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM capabilities c WHERE c.deleted_at IS NULL AND NOT EXISTS (SELECT FROM search_documents d WHERE d.capability_id = c.capability_id)", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
